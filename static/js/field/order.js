// In which order places are walked to, and where each lies from here: what cps/geo/walking.py does on the server.
// A place is { latitude, longitude }.
const METRES_A_DEGREE = 111320;
const GAIN = 0.5; // metres: less is the noise of counting
const radians = (degrees) => (degrees * Math.PI) / 180;

// walk(here, places) → the places, the nearest first, without crossings; the walk ends at the last.
export function walk(here, places) {
  const left = [...places];
  const way = [];
  let at = here;
  while (left.length) {
    const far = left.map((place) => metres(at, place));
    [at] = left.splice(far.indexOf(Math.min(...far)), 1);
    way.push(at);
  }
  return uncrossed(here, way);
}

export function metres(one, other) {
  return Math.hypot(...apart(one, other));
}

// Which of the eight directions people name, 0 for north, clockwise.
export function direction(here, there) {
  const [east, north] = apart(here, there);
  return (Math.round((Math.atan2(east, north) * 4) / Math.PI) + 8) % 8;
}

function uncrossed(here, way) {
  for (let isShorter = true; isShorter;) {
    isShorter = false;
    for (let first = 0; first < way.length - 1; first += 1) {
      for (let last = first + 1; last < way.length; last += 1) {
        if (gain(here, way, first, last) <= GAIN) continue;
        way.splice(first, last - first + 1, ...way.slice(first, last + 1).reverse());
        isShorter = true;
      }
    }
  }
  return way;
}

function gain(here, way, first, last) {
  const before = way[first - 1] || here;
  const after = way[last + 1];
  const [begins, ends] = [way[first], way[last]];
  return metres(before, begins) - metres(before, ends) + (after ? metres(ends, after) - metres(begins, after) : 0);
}

function apart(one, other) {
  const north = (other.latitude - one.latitude) * METRES_A_DEGREE;
  const turn = ((other.longitude - one.longitude + 540) % 360) - 180;
  return [turn * METRES_A_DEGREE * Math.cos(radians((one.latitude + other.latitude) / 2)), north];
}

// Writes names on a tile: streets along their line where it is straight enough, places on their spot.
// Only what lies wholly inside the tile is written, since the neighbour would cut the rest off.
const FIRST_ZOOM = { main: 14, middle: 15, minor: 16, path: 17, name: 15 };
const TRIES = [0.5, 0.35, 0.65, 0.2, 0.8];
const STRAIGHT = 0.94; // the chord of the piece under the name, as a share of its length

export function nameLines(words, things) {
  if (!things.length) return;
  prepare(words, 11.5, 500);
  for (const { kind, name, parts } of things) {
    if (words.zoom < FIRST_ZOOM[kind]) continue;
    const long = words.pen.measureText(name).width;
    const lines = parts.map((part) => ({ part, length: lengthOf(part) })).filter((line) => line.length > long * 1.1);
    const spot = lines.map((line) => spotOn(line, long, words)).find((found) => found);
    if (spot) write(words, name, spot, long);
  }
}

export function namePlaces(words, things) {
  if (!things.length) return;
  prepare(words, 13, 600);
  for (const { name, parts } of things) {
    const long = words.pen.measureText(name).width;
    const spot = { x: parts[0][0][0], y: parts[0][0][1], angle: 0 };
    if (name && isFree(words, spot, long)) write(words, name, spot, long);
  }
}

function prepare({ pen, sharpness, ink, halo }, pixels, weight) {
  pen.font = weight + " " + pixels * sharpness + "px system-ui, 'Noto Sans', sans-serif";
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  pen.fillStyle = ink;
  pen.strokeStyle = halo;
  pen.lineWidth = 3 * sharpness;
}

function spotOn({ part, length }, long, words) {
  for (const share of TRIES) {
    const [from, to] = [length * share - long / 2, length * share + long / 2];
    if (from < 0 || to > length) continue;
    const [a, b, middle] = [along(part, from), along(part, to), along(part, length * share)];
    if (Math.hypot(b[0] - a[0], b[1] - a[1]) < long * STRAIGHT) continue;
    const leftward = b[0] < a[0];
    const angle = leftward ? Math.atan2(a[1] - b[1], a[0] - b[0]) : Math.atan2(b[1] - a[1], b[0] - a[0]);
    const spot = { x: middle[0], y: middle[1], angle };
    if (isFree(words, spot, long)) return spot;
  }
  return null;
}

// A name is taken as a row of discs along its line; each must lie inside the tile and clear of all others.
function discs({ sharpness }, { x, y, angle }, long) {
  const count = Math.max(2, Math.ceil(long / (12 * sharpness)));
  return Array.from({ length: count + 1 }, (_, i) => {
    const away = (i / count - 0.5) * long;
    return [x + Math.cos(angle) * away, y + Math.sin(angle) * away];
  });
}

function isFree(words, spot, long) {
  const { taken, sharpness, size } = words;
  const [edge, apart] = [8 * sharpness, 22 * sharpness];
  const inside = (value) => value > edge && value < size - edge;
  return discs(words, spot, long).every(([x, y]) => inside(x) && inside(y)
    && taken.every(([u, v]) => Math.hypot(x - u, y - v) > apart));
}

function write(words, name, spot, long) {
  const { pen, taken } = words;
  taken.push(...discs(words, spot, long));
  pen.save();
  pen.translate(spot.x, spot.y);
  pen.rotate(spot.angle);
  pen.strokeText(name, 0, 0);
  pen.fillText(name, 0, 0);
  pen.restore();
}

function lengthOf(part) {
  return part.reduce((sum, point, i) => (i ? sum + Math.hypot(point[0] - part[i - 1][0], point[1] - part[i - 1][1]) : 0), 0);
}

function along(part, distance) {
  let left = distance;
  for (let i = 1; i < part.length; i += 1) {
    const [[x, y], [u, v]] = [part[i - 1], part[i]];
    const step = Math.hypot(u - x, v - y);
    if (left <= step && step > 0) return [x + (u - x) * left / step, y + (v - y) * left / step];
    left -= step;
  }
  return part[part.length - 1];
}

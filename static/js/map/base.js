// What lies under the outlines: pictures of a tile server, or streets drawn from the city's own archive, or nothing.
// A tile of the archive is drawn 512 pixels wide, and in parts where the map is closer than the archive goes.
const TILE_PIXELS = 512;
const CLOSER_LEVELS = 2;
const TILES_KEPT = 60;

export function addBase(map, data) {
  const attribution = escaped(data.attribution);
  if (data.tiles) {
    // The tile server learns which site asks, as most demand, but not which page.
    const options = { attribution, maxZoom: 19, className: "map-raster", referrerPolicy: "origin", ...covered(data) };
    L.tileLayer(data.tiles, options).addTo(map);
  } else if (data.vector) {
    addStreets(map, data, attribution);
  }
}

// Where an archive of pictures ends, its closest ones are drawn larger.
function covered(data) {
  if (!data.bounds) return {};
  const [west, south, east, north] = data.bounds.split(",").map(Number);
  return { bounds: [[south, west], [north, east]], minNativeZoom: Number(data.lowestZoom), maxNativeZoom: Number(data.highestZoom) };
}

function addStreets(map, data, attribution) {
  const [west, south, east, north] = data.bounds.split(",").map(Number);
  const highest = Number(data.highestZoom);
  const drawings = remembered(data.vector);
  const Streets = L.GridLayer.extend({
    createTile(coords, done) { return tile(map, part(coords, highest), drawings, done); },
  });
  const streets = new Streets({
    attribution, tileSize: TILE_PIXELS, minZoom: Number(data.lowestZoom) + 1, maxZoom: 19,
    bounds: data.bounds ? [[south, west], [north, east]] : undefined,
  }).addTo(map);
  map.setMaxZoom(Math.min(19, highest + 1 + CLOSER_LEVELS));
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => streets.redraw());
}

// The tile of the archive that holds a tile of the map, and which part of it that is.
function part({ x, y, z }, highest) {
  const level = Math.min(z - 1, highest);
  const parts = Math.pow(2, z - 1 - level);
  return { z: level, x: Math.floor(x / parts), y: Math.floor(y / parts), parts, column: x % parts, row: y % parts, zoom: z };
}

function tile(map, piece, drawings, done) {
  const canvas = document.createElement("canvas");
  const sharpness = window.devicePixelRatio || 1;
  canvas.width = canvas.height = Math.round(TILE_PIXELS * sharpness);
  Promise.all([drawings(piece), import("./paint.js")]).then(([drawing, painting]) => {
    canvas.getContext("2d").translate(-piece.column * canvas.width, -piece.row * canvas.width);
    painting.paint(canvas, drawing, { size: canvas.width * piece.parts, zoom: piece.zoom, sharpness }, getComputedStyle(map.getContainer()));
    done(null, canvas);
  }).catch((error) => done(error, canvas));
  return canvas;
}

function remembered(template) {
  const known = new Map();
  const fetched = async (url) => {
    const answer = await fetch(url);
    return answer.status === 200 ? answer.json() : [];
  };
  return (coords) => {
    const url = L.Util.template(template, coords);
    if (known.size > TILES_KEPT) known.clear();
    if (!known.has(url)) known.set(url, fetched(url));
    return known.get(url).catch((error) => { known.delete(url); throw error; });
  };
}

function escaped(text) {
  const node = document.createElement("span");
  node.textContent = text;
  return node.innerHTML;
}

// Draws one tile, `size` pixels wide: [kind, name, parts] in order; a part is a first point and then steps, in units of
// 1/2048 tile. The canvas may show a part of it only.
import { nameLines, namePlaces } from "./names.js";

const GRID = 2048;
const WIDTHS = { main: 5.5, middle: 4.5, minor: 3, path: 1, river: 2 }; // pixels at zoom 15
const FILLED = ["green", "water", "building"];
const CASED = ["main", "middle", "minor"];

export function paint(canvas, drawing, { size, zoom, sharpness }, style) {
  const pen = canvas.getContext("2d");
  const colour = (name) => style.getPropertyValue("--map-" + name).trim();
  const things = drawing.map(([kind, name, parts]) => ({ kind, name, parts: parts.map((part) => points(part, size / GRID)) }));
  const width = (kind) => Math.max(WIDTHS[kind] * Math.pow(1.45, zoom - 15), 0.75) * sharpness;
  pen.lineCap = pen.lineJoin = "round";

  const each = (kinds, draw) => things.filter((thing) => kinds.includes(thing.kind)).forEach((thing) => {
    pen.beginPath();
    thing.parts.forEach((part) => trace(pen, part));
    draw(thing.kind);
  });
  const line = (colourName, pixels) => {
    pen.strokeStyle = colour(colourName);
    pen.lineWidth = pixels;
    pen.stroke();
  };
  each(FILLED, (kind) => { pen.fillStyle = colour(kind); pen.fill("evenodd"); });
  each(["river"], (kind) => line("water", width(kind)));
  each(["path"], (kind) => line(kind, width(kind)));
  each(CASED, (kind) => line("casing", width(kind) + 1.5 * sharpness));
  each(CASED, (kind) => line(kind, width(kind)));

  const words = { pen, size, zoom, sharpness, taken: [], ink: colour("words"), halo: colour("halo") };
  namePlaces(words, things.filter((thing) => thing.kind === "place"));
  nameLines(words, things.filter((thing) => thing.name && thing.kind !== "place").reverse());
}

function points(steps, factor) {
  const found = [];
  let [x, y] = [0, 0];
  for (let i = 0; i < steps.length; i += 2) {
    x += steps[i];
    y += steps[i + 1];
    found.push([x * factor, y * factor]);
  }
  return found;
}

function trace(pen, part) {
  part.forEach(([x, y], i) => (i ? pen.lineTo(x, y) : pen.moveTo(x, y)));
}

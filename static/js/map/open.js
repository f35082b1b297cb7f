// Puts a map together: Leaflet, the base map, the outlines of the areas, the pin or the reports.
// Everything is fetched first, so that a map that opens is whole, and one that fails can be asked for again.
import { addBase } from "./base.js";
import { addOutlines } from "./outlines.js";

export async function open(element) {
  if (element.dataset.from) await furnish(element);
  const { style, script, areas } = element.dataset;
  const [outlines, { add }] = await Promise.all([
    fetched(areas),
    "clusters" in element.dataset ? import("./reports.js") : import("./pin.js"),
    added("link", { rel: "stylesheet", href: style }),
    window.L || added("script", { src: script }),
  ]);
  element.querySelector("[data-map]").hidden = false;
  const view = element.querySelector("[data-view]");
  const map = drawn(view, element.dataset);
  addBase(map, element.dataset);
  addOutlines(map, element, outlines);
  add(map, element);
  view.focus({ preventScroll: true });
}

// What a map opens with, where the page has only its button.
async function furnish(element) {
  const { html } = await fetched(element.dataset.from);
  const [piece] = new DOMParser().parseFromString(html, "text/html").body.children;
  Object.assign(element.dataset, piece.dataset);
  element.append(...piece.children);
  delete element.dataset.from;
}

function drawn(view, data) {
  const moves = !matchMedia("(prefers-reduced-motion: reduce)").matches;
  const map = L.map(view, {
    minZoom: 8, maxZoom: 19, zoomControl: false, scrollWheelZoom: false,
    zoomAnimation: moves, fadeAnimation: moves, markerZoomAnimation: moves, inertia: moves,
  });
  map.attributionControl.setPrefix(false);
  L.control.zoom({ zoomInTitle: data.zoomIn, zoomOutTitle: data.zoomOut }).addTo(map);
  map.setView([Number(data.latitude), Number(data.longitude)], Number(data.zoom));
  // The wheel scrolls the page, until the map is what one is working with.
  map.on("focus", () => map.scrollWheelZoom.enable());
  map.on("blur", () => map.scrollWheelZoom.disable());
  return map;
}

async function fetched(url) {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(url);
  return answer.json();
}

function added(tag, attributes) {
  return new Promise((resolve, reject) => {
    const node = Object.assign(document.createElement(tag), attributes);
    node.onload = resolve;
    node.onerror = () => { node.remove(); reject(new Error(tag)); };
    document.head.append(node);
  });
}

// The reports on the map: one mark for all of a cell, counted by the server. A mark of many comes closer, one of
// few tells what lies there. The list under the map and the address of the page follow the view.
import { digits, written } from "../numbers.js";

const LEVELS_CLOSER = 2;

export function add(map, element) {
  const state = { marks: new Map(), asked: 0 };
  const layer = L.layerGroup().addTo(map);
  const show = async () => {
    const turn = ++state.asked;
    keepAddress(map);
    const query = addressOf(map, element);
    const [counted, told] = await Promise.all([answer(element.dataset.clusters, query), answer(element.dataset.reports, query)]);
    if (turn !== state.asked) return; // the view has moved on meanwhile
    mark(map, layer, state, counted, element);
    list(element, told);
  };
  const tried = () => show().then(() => failed(element, false), () => failed(element, true));
  map.on("moveend", tried);
  document.querySelector("[data-still]").hidden = true;
  document.querySelector("[data-still-links]").hidden = true;
  tried();
}

async function answer(address, query) {
  const found = await fetch(`${address}?${query}`);
  if (!found.ok) throw new Error(address);
  return found.json();
}

function addressOf(map, element) {
  const bounds = map.getBounds();
  const query = new URLSearchParams(element.dataset.chosen);
  for (const side of ["West", "South", "East", "North"]) query.set(side.toLowerCase(), bounds[`get${side}`]().toFixed(5));
  query.set("zoom", map.getZoom());
  return query;
}

// The link keeps the view, and so do the filters and the other languages.
function keepAddress(map) {
  const { lat, lng } = map.getCenter();
  const view = { latitude: lat.toFixed(5), longitude: lng.toFixed(5), zoom: map.getZoom() };
  const here = new URL(location.href);
  Object.entries(view).forEach(([name, value]) => here.searchParams.set(name, value));
  history.replaceState(history.state, "", here);
  document.querySelectorAll("[data-view-field]").forEach((field) => { field.value = view[field.name]; });
  document.querySelectorAll(".languages a, a[data-with-view]").forEach((link) => {
    const address = new URL(link.href);
    Object.entries(view).forEach(([name, value]) => address.searchParams.set(name, value));
    link.href = address.href;
  });
}

// Marks that stay are kept, so that whoever stands on one with the keyboard stays there.
function mark(map, layer, state, { level, clusters }, element) {
  const found = new Map(clusters.map((cluster) => [`${level}/${cluster[0]}/${cluster[1]}/${cluster[2]}`, cluster]));
  for (const [key, marker] of state.marks) {
    if (found.has(key)) continue;
    layer.removeLayer(marker);
    state.marks.delete(key);
  }
  for (const [key, cluster] of found) {
    if (!state.marks.has(key)) state.marks.set(key, marked(map, layer, cluster, level, element));
  }
}

function marked(map, layer, [x, y, count, latitude, longitude], level, element) {
  const { data, size } = { data: element.dataset, size: 48 };
  const face = document.createElement("span");
  face.className = `report-mark report-mark-${Math.min(String(count).length, 4)}`;
  face.textContent = count > 1 ? short(count) : "";
  const icon = L.divIcon({ html: face, className: "report-spot", iconSize: [size, size] });
  const title = count > 1 ? data.many.replace("{count}", written(count)) : data.one;
  const marker = L.marker([latitude, longitude], { icon, title, keyboard: true, riseOnHover: true }).addTo(layer);
  marker.getElement().setAttribute("aria-label", title);
  marker.on("click", () => {
    const isLast = map.getZoom() >= map.getMaxZoom();
    if (count > 1 && !isLast) closer(map, [latitude, longitude]);
    else tell(map, element, `${level}/${x}/${y}`, [latitude, longitude]);
  });
  // Leaflet makes it a button for the keyboard, but presses it for its own popups only.
  marker.on("keydown", ({ originalEvent }) => {
    if (originalEvent.key !== "Enter" && originalEvent.key !== " ") return;
    originalEvent.preventDefault();
    marker.fire("click");
  });
  return marker;
}

function short(count) {
  if (count < 10000) return written(count);
  return count.toLocaleString(document.documentElement.lang, { notation: "compact", ...digits() });
}

function closer(map, point) {
  map.setView(point, Math.min(map.getZoom() + LEVELS_CLOSER, map.getMaxZoom()));
  map.getContainer().focus({ preventScroll: true });
}

async function tell(map, element, cell, point) {
  const query = new URLSearchParams(element.dataset.chosen);
  query.set("cell", cell);
  const told = await answer(element.dataset.reports, query).catch(() => null);
  failed(element, !told);
  if (!told) return;
  const card = document.createElement("ol");
  card.className = "report-card";
  card.append(...told.reports.map((report) => entry(report)));
  const popup = L.popup({ maxWidth: 260, autoPanPadding: [16, 16], closeButton: true }).setLatLng(point).setContent(card);
  const before = document.activeElement;
  popup.openOn(map);
  popup.getElement().querySelector(".leaflet-popup-close-button").setAttribute("aria-label", element.dataset.close);
  const link = card.querySelector("a");
  if (link) link.focus({ preventScroll: true });
  popup.on("remove", () => { if (before && before.isConnected) before.focus({ preventScroll: true }); });
}

function list(element, { total, reports }) {
  const place = document.querySelector("[data-list]");
  place.classList.add("map-list-plain"); // no numbers: the marks have none
  place.replaceChildren(...reports.map((report) => entry(report)));
  const { none, one, many } = element.dataset;
  const words = total > 1 ? many.replace("{count}", written(total)) : total ? one : none;
  document.querySelector("[data-total]").textContent = words;
}

function entry({ url, category, status, area, day, reference }) {
  const [item, link, rest] = ["li", "a", "span"].map((name) => document.createElement(name));
  link.href = url;
  link.textContent = category;
  rest.textContent = [status, area, day].filter((word) => word).join(" · ");
  link.title = reference;
  item.append(link, rest);
  return item;
}

function failed(element, isSo) {
  element.querySelector("[data-failed]").hidden = !isSo;
}

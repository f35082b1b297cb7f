// The pin: set by a tap, by dragging or by the arrow buttons, and by whoever else says where the place is.
// A `place` event on the form carries detail.latitude and detail.longitude (null: no place any more).
const CLOSE_UP = 16;
const STEP_METRES = 25;
const PADDING = { padding: [32, 48] };
const METRES_PER_DEGREE = 111320;

export function add(map, element) {
  const { data, form } = { data: element.dataset, form: element.closest("form") };
  const isFixed = "readonly" in data;
  const icon = new L.Icon.Default({ imagePath: data.images });
  const options = { icon, draggable: !isFixed, interactive: !isFixed, keyboard: false, autoPan: true, alt: data.pin };
  const marker = L.marker(map.getCenter(), options);
  const put = (point) => marker.setLatLng(point).addTo(map);
  const lookAt = (point) => map.setView(put(point).getLatLng(), Math.max(map.getZoom(), Math.min(CLOSE_UP, map.getMaxZoom())));

  const known = pointOf(form && form.elements.latitude, form && form.elements.longitude, data);
  if (known) lookAt(known);
  if (isFixed) return;

  const choose = (point) => {
    put(point.wrap());
    map.panInside(marker.getLatLng(), PADDING);
    announce(element, form, marker.getLatLng());
  };
  keepInView(map, marker);
  map.on("click", (event) => choose(event.latlng));
  marker.on("dragend", () => choose(marker.getLatLng()));
  element.querySelectorAll("[data-north], [data-east]").forEach((button) => {
    button.addEventListener("click", () => choose(stepped(map.hasLayer(marker) ? marker.getLatLng() : map.getCenter(), button.dataset)));
  });
  if (!form) return;
  form.addEventListener("place", ({ detail }) => {
    if (detail.source === "map") return;
    if (detail.latitude === null) marker.remove();
    else lookAt([detail.latitude, detail.longitude]);
  });
}

// Who comes closer means the pin: what was in view before stays in view.
function keepInView(map, marker) {
  let wasSeen = false;
  map.on("zoomstart", () => { wasSeen = map.hasLayer(marker) && map.getBounds().contains(marker.getLatLng()); });
  map.on("zoomend", () => { if (wasSeen) map.panInside(marker.getLatLng(), PADDING); });
}

function pointOf(latitude, longitude, data) {
  const pair = [latitude ? latitude.value : data.pinLatitude, longitude ? longitude.value : data.pinLongitude];
  const point = pair.map(Number);
  return pair.every((text) => text.trim()) && point.every(Number.isFinite) ? point : null;
}

function stepped(point, { north = 0, east = 0 }) {
  const degrees = STEP_METRES / METRES_PER_DEGREE;
  return L.latLng(point.lat + north * degrees, point.lng + east * degrees / Math.cos(point.lat * Math.PI / 180));
}

function announce(element, form, { lat, lng }) {
  const [latitude, longitude] = [lat.toFixed(6), lng.toFixed(6)];
  if (form && form.elements.latitude) form.elements.latitude.value = latitude;
  if (form && form.elements.longitude) form.elements.longitude.value = longitude;
  const words = element.dataset.pinned.replace("{latitude}", latitude).replace("{longitude}", longitude);
  const detail = { latitude: Number(latitude), longitude: Number(longitude), source: "map", words };
  element.dispatchEvent(new CustomEvent("place", { bubbles: true, detail }));
}

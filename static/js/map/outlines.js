// The areas of the city: thin lines, each with its name where one points or taps.
// Without a base map the names also stand in the areas, wherever these have room for them.
// They stand below the marks, whose numbers they would cover.
const PIXELS_PER_LETTER = 7;

export function addOutlines(map, element, collection) {
  const isPlain = !element.dataset.tiles && !element.dataset.vector;
  map.getContainer().classList.toggle("map-plain", isPlain);
  const areas = L.geoJSON(collection, { style: { className: "map-area" } }).addTo(map);
  const isApproximate = collection.features.some((feature) => feature.properties.approximate);
  element.querySelector("[data-approximate]").hidden = !isApproximate;
  if (isPlain) nameAll(map, areas);
  nameOne(map, areas);
}

// One tooltip for all: Leaflet's own would make each of the areas a stop of the Tab key.
function nameOne(map, areas) {
  const tooltip = L.tooltip({ direction: "top", offset: [0, -8] });
  areas.on("mouseover mousemove click", ({ propagatedFrom, latlng }) => {
    const name = propagatedFrom.getTooltip() && propagatedFrom.getTooltip().getElement();
    if (name && !name.hidden) tooltip.remove();
    else tooltip.setLatLng(latlng).setContent(words(propagatedFrom.feature)).addTo(map);
  });
  areas.on("mouseout", () => tooltip.remove());
}

function nameAll(map, areas) {
  const options = { permanent: true, direction: "center", className: "map-area-name", pane: "shadowPane" };
  areas.eachLayer((layer) => layer.bindTooltip(words(layer.feature), options));
  const tidy = () => areas.eachLayer((layer) => showIfRoom(map, layer));
  map.on("zoomend", tidy);
  tidy();
}

function showIfRoom(map, layer) {
  const bounds = layer.getBounds();
  const width = map.project(bounds.getNorthEast()).x - map.project(bounds.getSouthWest()).x;
  const name = layer.getTooltip().getElement();
  if (name) name.hidden = width < layer.feature.properties.name.length * PIXELS_PER_LETTER;
}

function words(feature) {
  const text = document.createElement("span");
  text.textContent = feature.properties.name;
  return text;
}

// The place of a report: from the phone, from the map, from a photo or typed; one point for all of them.
// A `place` event on the form says so in detail.latitude and detail.longitude (null: no place any more).
import { written } from "../numbers.js";

const ROUGH_METRES = 100;
const PATIENCE = { enableHighAccuracy: true, timeout: 15000, maximumAge: 30000 };

export function start(element) {
  const form = element.closest("form");
  const status = element.querySelector(".place-status");
  const use = element.querySelector("[data-use-location]");
  const forget = element.querySelector("[data-forget-place]");
  const { latitude, longitude, coordinates } = form.elements;
  const say = (words) => { status.textContent = words; };

  const announce = (point, words) => {
    form.dispatchEvent(new CustomEvent("place", { detail: { ...point, words } }));
  };
  form.addEventListener("place", ({ detail }) => {
    const known = detail.latitude !== null;
    latitude.value = known ? Number(detail.latitude).toFixed(6) : "";
    longitude.value = known ? Number(detail.longitude).toFixed(6) : "";
    coordinates.value = known ? latitude.value + ", " + longitude.value : "";
    forget.hidden = !known;
    say(known ? detail.words || element.dataset.set : "");
  });
  coordinates.addEventListener("change", () => {
    const typed = coordinates.value.match(/^\s*(-?[\d.]+)\s*[,;\s]\s*(-?[\d.]+)\s*$/);
    latitude.value = typed ? typed[1] : "";
    longitude.value = typed ? typed[2] : "";
  });
  forget.addEventListener("click", () => announce({ latitude: null, longitude: null }));
  forget.hidden = !coordinates.value && !latitude.value;

  if (!navigator.geolocation || !isSecureContext) {
    use.remove(); // its place was kept
    return;
  }
  use.hidden = false;
  use.addEventListener("click", () => {
    say(element.dataset.searching);
    navigator.geolocation.getCurrentPosition(({ coords }) => {
      const metres = Math.ceil(coords.accuracy);
      const sentence = metres > ROUGH_METRES ? element.dataset.rough : element.dataset.found;
      announce({ latitude: coords.latitude, longitude: coords.longitude }, sentence.replace("{metres}", written(metres)));
      if (metres > ROUGH_METRES) form.elements.landmark.focus();
    }, () => say(element.dataset.failed), PATIENCE);
  });
}

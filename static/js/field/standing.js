// Where this phone is, as far as its owner lets it say; the list around, put in order from there.
import { written } from "../numbers.js";
import { direction, metres, walk } from "./order.js";

const PATIENCE = { enableHighAccuracy: true, timeout: 15000, maximumAge: 30000 };
const placeOf = ({ dataset }) => ({ latitude: Number(dataset.latitude), longitude: Number(dataset.longitude) });

export const isAble = () => Boolean(navigator.geolocation && isSecureContext);

// Whether it may be asked without a question to its owner.
export async function isAllowed() {
  const answer = await navigator.permissions?.query({ name: "geolocation" });
  return answer?.state === "granted";
}

export function here() {
  return new Promise((resolve, reject) => {
    navigator.geolocation.getCurrentPosition(({ coords }) => resolve({ latitude: coords.latitude, longitude: coords.longitude }), reject, PATIENCE);
  });
}

// How far a stop is from there, in metres; null where nobody knows its place.
export function off(stop, there) {
  return stop.dataset.latitude ? Math.round(metres(there, placeOf(stop))) : null;
}

// Puts the stops of a list in walking order and says how far each is.
export function order(list, from, says) {
  const stops = [...list.children];
  const placed = stops.filter(({ dataset }) => dataset.latitude).map((stop) => ({ stop, ...placeOf(stop) }));
  const walked = walk(from, placed).map(({ stop }) => stop);
  const all = [...walked, ...stops.filter((stop) => !walked.includes(stop))];
  all.forEach((stop, index) => {
    stop.querySelector(".stop-number").textContent = written(index + 1);
    if (stop.dataset.latitude) stop.querySelector(".stop-way").textContent = way(from, placeOf(stop), says);
  });
  list.append(...all);
}

function way(from, there, says) {
  const far = Math.round(metres(from, there));
  const [sentence, figure] = far < 1000 ? [says.metres, far] : [says.kilometres, Math.round(far / 1000)];
  return sentence.replace("{figure}", written(figure)).replace("{direction}", says.directions.split("|")[direction(from, there)]);
}

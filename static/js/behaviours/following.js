// Sends the photos of a report that are still on this phone, one after the other, from the page of its private link.
// Closed and opened again it goes on where it was; cut off, it tries again by itself, or at a tap.
import { Refused, sendPhoto } from "../sending/chunks.js";
import { forget, of } from "../sending/shelf.js";
import { smallOf } from "../sending/small.js";
import { written } from "../numbers.js";

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 30000;

export async function start(element) {
  const words = element.dataset;
  const status = element.querySelector("[role=status]");
  const again = element.querySelector("[data-again]");
  const photos = await of(words.form);
  const items = new Map();
  let wake = () => {};
  let isAtWork = false;
  if (!photos.length) return;

  photos.forEach((photo) => items.set(photo.id, itemOf(photo, words.remove, () => remove(photo))));
  element.querySelector(".thumbs").append(...items.values());
  element.hidden = false;
  again.addEventListener("click", sendAll);
  addEventListener("online", sendAll);
  await sendAll();

  async function sendAll() {
    wake();
    if (isAtWork) return;
    isAtWork = true;
    again.hidden = true;
    // One page of this report at a time, where the browser can say so.
    await (navigator.locks ? navigator.locks.request("photos " + words.form, sendEach) : sendEach());
    isAtWork = false;
  }

  async function sendEach() {
    const left = await of(words.form);
    let arrived = photos.length - left.length;
    for (const photo of left) arrived += await hasArrived(photo);
    if (arrived === photos.length) sayAllArrived();
  }

  function sayAllArrived() {
    element.querySelector("h2").textContent = words.done;
    element.querySelector(".hint").hidden = true;
    status.textContent = words.arrived;
  }

  async function hasArrived(photo) {
    const item = items.get(photo.id);
    try {
      const blob = await smallOf(photo);
      const sent = (bytes) => progress(photo, Math.floor((100 * bytes) / blob.size));
      sent(0);
      await sendPhoto(words.address + photo.id, blob, { name: photo.name, sent, cut });
      await forget(photo.id);
      item.style.setProperty("--sent", "100%");
      return true;
    } catch (error) {
      const isFinal = error instanceof Refused && !error.isForNow;
      say(item, (error instanceof Refused && error.sentence) || words.unsent);
      item.querySelector("button").hidden = false;
      again.hidden = again.hidden && isFinal;
      status.textContent = words.unsent;
      return false;
    }
  }

  function progress(photo, percent) {
    const number = photos.findIndex(({ id }) => id === photo.id) + 1;
    const said = { number, count: photos.length, percent };
    again.hidden = true;
    say(items.get(photo.id), "");
    items.get(photo.id).style.setProperty("--sent", percent + "%");
    status.textContent = words.sending.replace(/\{(\w+)\}/g, (_all, name) => written(said[name]));
  }

  // Asked after each failure; the first is passed over in silence, for networks stumble.
  function cut(tries) {
    if (tries > 1) {
      status.textContent = words.cut;
      again.hidden = false;
    }
    return new Promise((resolve) => {
      wake = resolve;
      setTimeout(resolve, Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (tries - 1)));
    });
  }

  async function remove(photo) {
    await forget(photo.id);
    items.get(photo.id).remove();
    photos.splice(photos.findIndex(({ id }) => id === photo.id), 1);
    element.hidden = photos.length === 0;
  }
}

function itemOf(photo, removal, remove) {
  const item = document.createElement("li");
  const image = document.createElement("img");
  const fault = document.createElement("p");
  const button = document.createElement("button");
  image.src = URL.createObjectURL(photo.blob);
  image.alt = photo.name;
  fault.className = "fault";
  fault.hidden = true;
  button.type = "button";
  button.hidden = true;
  button.textContent = removal;
  button.addEventListener("click", remove);
  item.append(image, fault, button);
  return item;
}

function say(item, sentence) {
  const fault = item.querySelector(".fault");
  fault.textContent = sentence;
  fault.hidden = !sentence;
}

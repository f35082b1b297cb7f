// Sends a report that is judged by its photos: these first, in pieces, then its text. Cut off, it goes on where it was.
import { written } from "../numbers.js";
import { Refused, patiently, sendPhoto } from "./chunks.js";
import { sendReport } from "./report.js";
import { said } from "./said.js";
import { forget, of } from "./shelf.js";
import { smallOf, withMoment } from "./small.js";

// sendAhead({ key, action, form, since }) → outcome, as of sendReport. `since`: when it was sent off, in ms since 1970.
// Refused for a `photo`: why is among the faults. How far it is the document hears ("ahead": { key, text }).
export async function sendAhead({ key, action, form, since }) {
  const photos = await of(key).catch(() => null);
  if (!photos) return { state: "refused", reason: "unreadable" };
  const words = await Promise.resolve().then(said).catch(() => ({})); // an official's page has none
  const listed = form.getAll("uploads");
  for (const { id } of photos) if (!listed.includes(id)) form.append("uploads", id);
  const among = form.getAll("uploads").join();
  const arrived = [];
  for (const [index, photo] of photos.entries()) {
    const isAt = (percent) => tell(key, words, { number: index + 1, count: photos.length, percent });
    const stopped = await sendOne(addressOf(key, photo.id), photo, { among, isAt, arrived });
    if (stopped) return stopped;
  }
  form.set("waited", Math.max(0, Math.round((Date.now() - since) / 1000)));
  const outcome = await sendReport(action, form);
  if (outcome.state === "received") for (const id of arrived) await forget(id);
  return outcome;
}

// Names the photos of a form that is sent as without scripts.
export async function nameIn(form) {
  for (const { id } of await of(form.elements.key.value)) {
    const input = Object.assign(document.createElement("input"), { type: "hidden", name: "uploads", value: id });
    if (!named(form, id)) form.append(input);
  }
}

// A photo that the city has already is not listed when the form shows it from the phone's shelf.
export function unlist(form, id) {
  const item = named(form, id)?.closest("li");
  const list = item?.closest("[data-kept]");
  if (!list) return;
  item.remove();
  list.querySelector("p")?.remove();
  list.querySelector("[name=kept]").value -= 1;
  list.closest("[data-most]").dataset.most -= -1;
  if (!list.querySelector("li")) list.remove();
}

const named = (form, id) => form.querySelector(`input[name=uploads][value="${CSS.escape(id)}"]`);
const addressOf = (key, id) => "/reports/" + key + "/photos/" + id;

function tell(key, { photoSending = "" }, figures) {
  const text = photoSending.replace(/\{(\w+)\}/g, (_all, name) => written(figures[name]));
  document.dispatchEvent(new CustomEvent("ahead", { detail: { key, text } }));
}

// Null, or the outcome that ends the sending. Where the form was filed meanwhile, the photo follows the report.
async function sendOne(address, photo, { among, isAt, arrived }) {
  isAt(0);
  try {
    const blob = await withMoment(await smallOf(photo), photo.moment);
    const sent = (bytes) => isAt(blob.size ? Math.floor((100 * bytes) / blob.size) : 0);
    await sendPhoto(address, blob, { name: photo.name, among, sent, cut: patiently });
    arrived.push(photo.id);
    return null;
  } catch (error) {
    if (!(error instanceof Refused)) return { state: "kept", reason: "connection", wait: 0 };
    if (error.isFiled) return null;
    if (error.isForNow) return { state: "kept", reason: "busy", wait: 0 };
    return { state: "refused", reason: "photo", faults: error.sentence ? { photos: error.sentence } : {} };
  }
}

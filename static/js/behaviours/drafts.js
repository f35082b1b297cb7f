// Keeps what is typed, sealed, until it is sent, and brings it back after the page was killed. Not on a phone that others use.
import { isTyped, keyOf } from "../sending/report.js";
import { isShared } from "../sending/shared.js";
import { ask } from "../sending/store.js";

const PAUSE_MS = 300;
const drafts = () => import("../sending/drafts.js");

export async function start(form) {
  if (!crypto.subtle || isShared()) return;
  let isTaken = false;
  let waiting = 0;
  let key = keyOf(form);
  const save = async () => {
    clearTimeout(waiting);
    if (isTaken) return;
    const typed = typedIn(form);
    const { forget, keep } = await drafts();
    if (typed.length || form.elements.photos.files.length) await keep(key, typed, () => !isTaken);
    else await forget(key);
  };
  const soon = () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => save().catch(() => {}), PAUSE_MS);
  };

  form.addEventListener("taken", () => { isTaken = true; clearTimeout(waiting); });
  form.addEventListener("left", () => { isTaken = false; });
  const found = await bringBack(form).catch(() => null);
  key = keyOf(form);
  navigator.locks?.request("draft " + key, () => new Promise(() => {})); // until the page ends
  for (const change of ["input", "change", "place"]) form.addEventListener(change, soon);
  addEventListener("visibilitychange", () => { if (document.hidden) save().catch(() => {}); });
  if (found) await tell(form, found, () => { isTaken = true; });
}

function typedIn(form) {
  return Array.from(new FormData(form)).filter(isTyped);
}

// The draft that is in the form now, or null. One that the browser filled in again by itself counts too: its photos do not.
async function bringBack(form) {
  if (!await ask("draft", "readonly", (all) => all.count())) return null;
  const draft = await (await drafts()).latest();
  const typed = typedIn(form);
  if (!draft || draft.key === keyOf(form)) return null;
  if (typed.length && JSON.stringify(typed) !== JSON.stringify(draft.fields)) return null;
  form.elements.key.value = draft.key;
  if (!typed.length) fill(form, draft.fields);
  form.dataset.restored = ""; // for a script that starts later
  form.dispatchEvent(new Event("restored"));
  return draft;
}

function fill(form, fields) {
  const isThere = ([name]) => name in form.elements;
  const later = fields.filter((field) => !isThere(field)); // answers to what is asked about the kind of problem
  put(form, fields.filter(isThere));
  const [latitude, longitude] = [form.elements.latitude.value, form.elements.longitude.value];
  if (latitude) form.dispatchEvent(new CustomEvent("place", { detail: { latitude, longitude } }));
  form.addEventListener("asked", () => put(form, later), { once: true });
  form.querySelector("input[name=category]:checked")?.dispatchEvent(new Event("change", { bubbles: true }));
}

function put(form, fields) {
  for (const [name, value] of fields) {
    for (const control of form.querySelectorAll(`[name="${CSS.escape(name)}"]`)) {
      if (control.type !== "radio" && control.type !== "checkbox") control.value = value;
      else if (control.value === value) control.checked = true;
      const more = control.checked && control.closest("details");
      if (more) more.open = true;
    }
  }
}

async function tell(form, { key, faults }, stop) {
  const { button, element, said, sharing } = await import("../sending/said.js");
  const words = await said();
  const line = element("section", "", { className: "card draft" });
  const forget = async () => {
    stop();
    await (await drafts()).forget(key);
    await (await import("../sending/shelf.js")).forgetAllOf(key);
    form.reset(); // a browser would fill it in again
    location.assign(location.pathname);
  };
  const turned = async (isOn) => {
    stop();
    await (await import("../sending/shared.js")).share(isOn);
    line.remove();
  };
  const told = element("p", words.broughtBack);
  told.setAttribute("role", "status");
  line.append(told);
  for (const fault of faults || []) line.append(element("p", fault, { className: "fault" }));
  form.addEventListener("taken", () => line.remove());
  line.append(button(words.afresh, forget), sharing(words, { isOn: false, isUnsent: false, turned }));
  form.closest(".columns").before(line);
}

// Shows the reports that wait on this phone: all of them on the report page, their number on every other page.
import { digits, written } from "../numbers.js";
import * as queue from "./queue.js";
import { onTheirWay, sendNow } from "./sender.js";
import { button, element, said, sharing } from "./said.js";
import { forgetAllOf, of } from "./shelf.js";
import { share } from "./shared.js";

const NUMBERS = { year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit" };

// banner() → { show() }: shows how it stands now.
export async function banner() {
  const words = await said();
  const form = document.querySelector("form[data-behaviour~=sending]");
  const place = element("section", "", { className: form ? "card waiting" : "waiting-line", id: "kept", hidden: true });
  if (form) form.closest(".columns").before(place);
  else document.querySelector("main").prepend(place);
  const status = element("p", "", { className: "visually-hidden" });
  status.setAttribute("role", "status");
  place.before(status);
  let shown = "";
  let atWork = Promise.resolve();
  const show = async () => {
    const records = await queue.all();
    const state = JSON.stringify(records.map(({ key, state: its, reason, tries, hasPhotos }) => [key, its, reason, tries, hasPhotos, onTheirWay.has(key)]));
    if (state === shown) return;
    shown = state;
    status.textContent = records.map((record) => stateOf(record, words)).join(". ");
    const held = document.activeElement?.closest("#kept") && document.activeElement.dataset.name;
    place.replaceChildren(...(form ? await list(records, words) : [line(records, words)]));
    place.hidden = !records.length;
    if (held) (place.querySelector(`[data-name="${CSS.escape(held)}"]`) || place).focus();
    if (form?.hidden && !records.length) form.hidden = false; // deleted: nothing else is left to look at
  };
  const shows = () => (atWork = atWork.then(show, show));
  queue.watch(shows);
  document.addEventListener("ahead", ({ detail }) => {
    const line = place.querySelector(`[data-key="${CSS.escape(detail.key)}"] .kept-state`);
    if (line) line.textContent = detail.text;
  });
  return { show: shows };
}

function line(records, words) {
  const unsent = records.filter(({ state }) => state !== "received");
  const text = unsent.length ? words.count.replace("{count}", written(unsent.length)) : stateOf(records[0], words);
  return element("a", text, { href: "/#kept" });
}

async function list(records, words) {
  const isUnsent = records.some(({ state }) => state !== "received");
  const items = element("ul");
  items.setAttribute("role", "list");
  items.append(...await Promise.all(records.map((record) => item(record, words))));
  const turned = async (isOn) => {
    await share(isOn);
    queue.tell();
  };
  return [
    element("h2", isUnsent ? words.title : words.arrived, { tabIndex: -1 }),
    ...(isUnsent ? [element("p", words.explained, { className: "hint" })] : []),
    items,
    ...(isUnsent ? [sharing(words, { isOn: false, isUnsent, turned })] : []),
  ];
}

async function item(record, words) {
  const { key, state, reason, faults } = record;
  const made = element("li");
  made.dataset.key = key;
  const told = await queue.read(record).catch(() => null);
  made.append(...await picture(record, words), ...(told ? summary(told.fields) : []));
  made.append(element("p", when(record, words), { className: "hint" }));
  made.append(element("p", stateOf(record, words), { className: "kept-state" }));
  for (const fault of Object.values(faults || {})) made.append(element("p", fault, { className: "fault" }));
  if (words.reasons[reason] && !onTheirWay.has(key)) {
    made.append(element("p", words.reasons[reason], { className: state === "kept" || reason === "photo" ? "hint" : "fault" }));
  }
  const actions = element("p", "", { className: "kept-actions" });
  actions.append(...actionsOf(record, told, words));
  made.append(actions);
  return made;
}

function actionsOf(record, told, words) {
  const { key, state, reason } = record;
  if (state === "received") return [element("a", words.open, { className: "button", href: told?.address || "/my" }), named(key + "hide", button(words.hide, () => gone(key)))];
  const remove = async () => {
    if (!confirm(words.sureDelete)) return;
    await forgetAllOf(key);
    await gone(key);
  };
  const again = () => sendNow(key);
  const edit = async () => {
    await (await import("./drafts.js")).reopen(record);
    queue.tell();
    if (location.pathname === "/") location.reload();
    else location.assign("/");
  };
  return [
    ...(state === "kept" || state === "expired" ? [named(key + "send", button(words.send, again, ""))] : []),
    ...(told && !onTheirWay.has(key) ? [named(key + "edit", button(words.edit, edit, state === "refused" ? "" : "button-quiet"))] : []),
    named(key + "delete", button(words.delete, remove, "button-danger")),
  ].filter((one) => reason !== "unreadable" || one.dataset.name.endsWith("delete"));
}

async function gone(key) {
  await queue.forget(key);
  queue.tell();
}

function named(name, made) {
  made.dataset.name = name;
  return made;
}

function stateOf({ key, state, number, hasPhotos, reason }, words) {
  if (onTheirWay.has(key)) return words.sending;
  if (state === "received") return words.received.replace("{number}", number) + (hasPhotos === false || reason === "photo" ? "" : " · " + words.photos);
  return state === "kept" ? words.waiting : words.refused;
}

async function picture({ key, files }, words) {
  const photo = (await of(key).catch(() => []))[0]?.blob || (files[0] && await import("./vault.js").then(({ unseal }) => unseal(files[0].sealed, files[0].type)).catch(() => null));
  if (!photo) return [];
  const image = element("img", "", { src: URL.createObjectURL(photo), alt: words.photo });
  image.addEventListener("load", () => URL.revokeObjectURL(image.src), { once: true });
  return [image];
}

// What it is about, in the words of the form that is on this page.
function summary(fields) {
  const typed = Object.fromEntries(fields);
  const tile = typed.category && document.querySelector(`input[name=category][value="${CSS.escape(typed.category)}"] + .tile-face > span`);
  const words = [typed.landmark, typed.words].filter(Boolean).join(" · ");
  return [
    ...(tile ? [element("strong", tile.textContent)] : []),
    ...(words ? [element("p", words, { className: "kept-words" })] : []),
  ];
}

function when({ kept }, words) {
  const spoken = document.documentElement.lang;
  const known = [...navigator.languages.filter((one) => one.startsWith(spoken)), spoken];
  // Chromium does not know how Nepali writes a date: in numbers then, the year first.
  const isKnown = Intl.DateTimeFormat.supportedLocalesOf(spoken).length > 0;
  const time = new Intl.DateTimeFormat(isKnown ? known : "sv", { ...(isKnown ? { dateStyle: "medium", timeStyle: "short" } : NUMBERS), ...digits() });
  return words.when.replace("{time}", time.format(kept));
}

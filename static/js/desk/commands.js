// What the commands of the desk do on this page. An action of a report is called as its form: `#resolutions` holds one.
import { beside, queueAddress } from "./order.js";
import { SELECTING, lineOf } from "./selecting.js";

const WAYS = {
  next: () => step(1),
  previous: () => step(-1),
  search: () => fields()[0],
  enter: () => document.querySelector("[data-enter]"),
  overview: () => document.querySelector("[data-overview]"),
  recurring: () => document.querySelector("[data-recurring]"),
  leaves: () => document.querySelector("[data-leaves]"),
  fresh: () => shown(document.querySelector(".fresh")),
  pane: () => shown(document.querySelector("[data-pane]")),
};

// Whether a command means something on this page.
export function reachable(code, root) {
  return Boolean(found(code, root, null));
}

// What to do for a command; `otherwise` for one that means nothing here.
export function found(code, root, otherwise = () => {}) {
  if (code === "back") return () => back(root);
  if (code === "help") return () => leave(() => location.assign(root.dataset.help));
  if (code.startsWith("view-")) return () => toView(Number(code.slice(5)), root);
  if (SELECTING[code]) return document.querySelector("#selection") ? SELECTING[code] : otherwise;
  const way = WAYS[code];
  const target = way ? way() : action(code);
  return target ? () => go(target) : otherwise;
}

function go(target) {
  if (target instanceof HTMLDetailsElement) return unfold(target);
  if (target.matches("a:not(.q-link)")) return leave(() => target.click());
  if (target.matches("button")) return target.type === "submit" ? target.form.requestSubmit(target) : target.click();
  target.focus();
}

// Opens the action that the address leads to.
export function unfoldAddressed() {
  const card = location.hash && document.getElementById(location.hash.slice(1));
  if (card instanceof HTMLDetailsElement) unfold(card);
}

// Goes to what is ready to be picked; called again from there, to the field, for own words.
function unfold(card) {
  const isAgain = card.contains(document.activeElement?.closest(".ready"));
  card.open = true;
  card.scrollIntoView({ block: "nearest" });
  const first = (!isAgain && card.querySelector(".ready a")) || card.querySelector("textarea, select, input:not([type=hidden]):not([type=file])") || card.querySelector("button") || card.querySelector("a");
  if (first) first.focus();
}

// The card of an action, or the button of an action that asks for nothing; where there are two, the one that is suggested.
function action(code) {
  const card = document.getElementById(code);
  if (card instanceof HTMLDetailsElement) return card;
  const name = "/" + CSS.escape(code);
  const button = `form[method="post"]:is([action$="${name}"], [action*="${name}?"]) button[type=submit]`;
  const suggested = document.querySelector(button + ".button-primary") || document.querySelector(button);
  if (suggested) return suggested;
  const offered = { acceptances: "[data-suggested]", returns: "[data-rejected]" }[code]; // taken or not, whatever it is
  if (offered) return document.querySelector(offered);
  return document.querySelector('#selection:not([hidden]) button[value="' + CSS.escape(code) + '"]');
}

function step(way) {
  const links = Array.from(document.querySelectorAll("a.q-link"));
  if (!links.length) return beside(way);
  const line = lineOf(document.activeElement);
  const place = line ? links.indexOf(line.querySelector("a.q-link")) : -1;
  return place < 0 ? links[way > 0 ? 0 : links.length - 1] : links[place + way] || links[place];
}

function fields() {
  return Array.from(document.querySelectorAll('.sieve input[type="search"]'));
}

function shown(element) {
  return element && !element.hidden ? element : null;
}

function back(root) {
  if (document.activeElement && document.activeElement !== document.body) document.activeElement.blur();
  if (!document.querySelector(".queue-head")) leave(() => location.assign(queueAddress() || root.dataset.queue));
}

// Goes elsewhere, unless something that was written here is not sent yet: a key leads to that instead.
function leave(away) {
  const wasRefused = Boolean(document.querySelector(".attempt")); // then the page came with what was written
  const isUnsent = (one) => (wasRefused ? one.value : one.value !== one.defaultValue);
  const field = Array.from(document.querySelectorAll("main textarea")).find(isUnsent);
  if (!field) return away();
  const card = field.closest("details");
  if (card) card.open = true;
  field.focus();
}

function toView(number, root) {
  const links = document.querySelectorAll(".views a");
  const link = document.querySelector('a[data-pin="' + number + '"]') || links[number - 1];
  if (link) link.click();
  else if (!links.length) location.assign(root.dataset.queue);
}

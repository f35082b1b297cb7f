// The pane beside a queue: the report whose line has the focus, and the next ones fetched ahead, so that j and k are instant.
// Fetched is not seen: only what was in focus for a moment, on a page that is looked at, is told to the server as looked at.
const WIDE = matchMedia("(min-width: 1366px)");
const AHEAD = 3;
const SEEN_AFTER_MS = 3000;
const FRESH_MS = 30000;
const NAME = "desk-pane"; // "off" for who does not want it

export function start(pane) {
  const links = Array.from(document.querySelectorAll("a.q-link"));
  if (!links.length) return;
  const button = document.querySelector("[data-pane]");
  const kept = new Map(); // by address: what was fetched, when, and its version
  const page = { pane, links, kept, shown: null, hasMoved: false, looking: 0 };

  const turn = () => {
    const isOpen = WIDE.matches && localStorage.getItem(NAME) !== "off";
    button.hidden = !WIDE.matches;
    button.setAttribute("aria-expanded", isOpen);
    pane.hidden = !isOpen;
    document.body.classList.toggle("has-pane", isOpen);
    if (isOpen) show(page, links.includes(document.activeElement) ? document.activeElement : page.shown || links[0]);
  };
  button.addEventListener("click", () => {
    localStorage.setItem(NAME, pane.hidden ? "on" : "off");
    turn();
  });
  WIDE.addEventListener("change", turn);
  document.addEventListener("focusin", ({ target }) => {
    if (!pane.hidden && links.includes(target)) show(page, target);
  });
  turn();
}

async function show(page, link) {
  mark(page, link);
  clearTimeout(page.looking);
  page.looking = setTimeout(() => look(page, link), SEEN_AFTER_MS);
  const before = page.kept.get(link.href);
  if (before) put(page, before);
  else page.pane.setAttribute("aria-busy", "true");
  const one = await fetched(page, link).catch(() => before);
  if (page.shown !== link) return;
  if (one && one.version !== (before && before.version)) put(page, one);
  page.pane.removeAttribute("aria-busy");
  const place = page.links.indexOf(link);
  for (const next of page.links.slice(place + 1, place + 1 + AHEAD)) {
    if (page.shown !== link) return;
    const one = await fetched(page, next).catch(() => {});
    if (one && page.hasMoved) drawn(one); // whoever only opens the queue pays for no pictures ahead
  }
}

function mark(page, link) {
  if (page.shown) page.shown.closest("tr").classList.remove("previewed");
  page.hasMoved ||= Boolean(page.shown) && page.shown !== link;
  link.closest("tr").classList.add("previewed");
  page.shown = link;
}

function put(page, one) {
  page.pane.replaceChildren(drawn(one));
  page.pane.scrollTop = 0;
}

// Makes the report of its words once; from then on its pictures are loaded, shown or not.
function drawn(one) {
  if (!one.element) {
    one.element = document.createElement("article");
    one.element.innerHTML = one.html;
  }
  return one.element;
}

// What is kept is asked for again when it is old.
async function fetched(page, link) {
  const before = page.kept.get(link.href);
  if (before && Date.now() - before.at < FRESH_MS) return before;
  const one = await load(link.href);
  const now = before && before.version === one.version ? Object.assign(before, { at: one.at }) : one;
  page.kept.set(link.href, now);
  return now;
}

async function load(address) {
  const answer = await fetch(address + "/preview", { headers: { Accept: "application/json" } });
  if (!answer.ok || answer.redirected) throw new Error(answer.status); // signed out: the next click says so
  const { html, version } = await answer.json();
  return { html, element: null, version, at: Date.now() };
}

function look(page, link) {
  const line = link.closest("tr");
  const isLookedAt = page.shown === link && !page.pane.hidden && document.activeElement === link && document.visibilityState === "visible";
  if (!isLookedAt || !line.classList.contains("unseen") || !page.kept.has(link.href)) return;
  const body = new URLSearchParams({ csrf_token: document.querySelector("input[name=csrf_token]").value });
  fetch(link.href + "/looks", { method: "POST", body }).then((answer) => {
    if (!answer.ok || answer.redirected) return;
    line.classList.remove("unseen");
    line.querySelector(".q-kind .visually-hidden").remove();
  }).catch(() => {});
}

// Sends the report's text, then opens its page; the photos follow from there, but go first where they prove it. Where it
// cannot be sent it is kept on this phone and shown there; where anything is unusual, the form is sent as without
// scripts. A second tap does nothing, and the key would make it harmless anyway.
import { keyOf, photosOf, sendReport } from "../sending/report.js";

// Loaded while the form is filled in, for the network may be gone when it is sent; a page that is only looked at needs none.
const queue = () => import("../sending/queue.js");
const sender = () => import("../sending/sender.js");
const words = async () => (await import("../sending/said.js")).said();
const ahead = () => import("../sending/ahead.js");
const handBack = async (key) => (await import("../sending/drafts.js")).handBack(key);
const load = () => Promise.all([queue(), sender(), words(), import("../sending/list.js")]);

export function start(form) {
  const button = form.querySelector("button.send");
  const caption = button.textContent;
  const action = form.getAttribute("action"); // `form.action` is the button of that name
  const status = document.createElement("p");
  status.setAttribute("role", "status");
  button.before(status);
  keyOf(form);

  const wait = (isSending) => {
    button.disabled = isSending;
    button.textContent = isSending ? form.dataset.sending : caption;
  };
  const send = async () => {
    const fields = new FormData(form);
    const since = Date.now();
    const go = await photosOf.get(form)?.() || "with";
    const proves = go === "before";
    if (go !== "with") fields.delete("photos");
    const isKept = await keep(form, action, fields, proves);
    const key = keyOf(form);
    const unkept = async () => (proves ? (await ahead()).sendAhead({ key, action, form: fields, since }) : sendReport(action, fields));
    const outcome = isKept ? await (await sender()).send(key) : await unkept();
    if (outcome?.state === "received") location.assign(outcome.address);
    else if (outcome?.reason === "photo") {
      if (isKept) await handBack(key);
      form.dispatchEvent(new Event("left"));
      (await queue()).tell();
      status.textContent = outcome.faults.photos || (await words()).reasons.photo;
      wait(false);
    } else if (outcome?.reason === "faults" || outcome?.reason === "look" || (outcome?.state === "refused" && !isKept)) {
      if (isKept) await handBack(key);
      if (proves) await (await ahead()).nameIn(form);
      asWithoutScripts(form, go !== "with");
    } else await stay(isKept);
  };
  const stay = async (isKept) => {
    const shown = isKept && await showKept(form);
    if (!shown) status.textContent = form.dataset.offline;
    wait(false);
  };
  document.addEventListener("ahead", ({ detail }) => {
    if (detail.key === keyOf(form)) status.textContent = detail.text;
  });
  form.addEventListener("focusin", () => { load().catch(() => {}); }, { once: true });
  form.addEventListener("submit", async (event) => {
    if (event.submitter?.name) return; // a button that asks for something else than to send
    event.preventDefault();
    if (button.disabled) return;
    wait(true);
    status.textContent = "";
    try {
      await send();
    } catch {
      await stay(false);
    }
  });
  // Back from the next page, as it was left.
  addEventListener("pageshow", () => wait(false));
}

// Kept before it is sent, so that a page that is closed meanwhile loses nothing.
async function keep(form, action, fields, proves) {
  try {
    const { keep: put, mayKeep } = await queue();
    if (!mayKeep()) return false;
    form.dispatchEvent(new Event("taken")); // no draft any more
    await put(fields.get("key"), action, fields, proves);
    return true;
  } catch {
    form.dispatchEvent(new Event("left")); // a draft as before
    return false; // no room, or a browser that keeps nothing
  }
}

// Shows the kept report in place of its form; false where that did not come over the line in time.
async function showKept(form) {
  let shown = null;
  document.dispatchEvent(new CustomEvent("kept", { detail: { waitUntil: (showing) => { shown = showing; } } }));
  await shown;
  const list = document.getElementById("kept");
  if (!list || list.hidden) return false;
  const { button } = await import("../sending/said.js");
  const { another } = await words();
  form.hidden = true;
  if (!list.nextElementSibling.matches("[data-another]")) list.after(button(another, () => location.assign("/"), "button-quiet button-wide"));
  list.nextElementSibling.dataset.another = "";
  list.querySelector("h2").focus();
  return true;
}

function asWithoutScripts(form, follow) {
  form.elements.photos.disabled = follow;
  form.submit();
}

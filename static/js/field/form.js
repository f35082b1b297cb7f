// The form of an outcome in its place on the list: what the page of that outcome asks, ready without a network.
import { written } from "../numbers.js";
import { keep, newId } from "../sending/shelf.js";
import { shrunk } from "../sending/shrink.js";
import { here, isAble, isAllowed, off } from "./standing.js";
import * as store from "./store.js";
import { template } from "./templates.js";

// open(stop, link, { page, whose, draft, given }): shows it; `draft` is a record that was refused and is written again.
export async function open(stop, link, { page, whose, draft, fields, given }) {
  const { outcome } = link.dataset;
  const { content } = await template(page, outcome);
  stop.parentElement.querySelector("form")?.remove();
  const form = document.createElement("form");
  form.append(document.importNode(content, true));
  form.noValidate = true;
  const [photo] = form.querySelectorAll("input[type=file]");
  const status = form.querySelector(".form-status");
  for (const [name, value] of Object.entries(fields || {})) if (form.elements[name]) form.elements[name].value = value;
  stop.append(form);
  let stood = "";
  const locate = async () => {
    if (!stop.dataset.latitude || !isAble() || !await isAllowed()) return;
    const from = await here();
    stood = from.latitude.toFixed(6) + ", " + from.longitude.toFixed(6);
    const metres = off(stop, from);
    const isFar = metres > Number(page.dataset.farMetres);
    const told = form.querySelector(".form-off");
    told.textContent = (isFar ? page.dataset.far : page.dataset.off).replace("{figure}", written(metres));
    told.className = "form-off " + (isFar ? "note note-late" : "hint");
  };
  locate().catch(() => {});
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const typed = Object.fromEntries(Array.from(new FormData(form)).filter(([, value]) => typeof value === "string"));
    const file = photo?.files[0];
    const lacks = missing(form, outcome, "showsResult" in stop.dataset && !file && !draft?.photos);
    status.textContent = lacks ? page.dataset[lacks] : "";
    if (lacks) return;
    const button = form.querySelector("[type=submit]");
    button.disabled = true;
    try {
      const key = draft?.key || newId();
      if (file) await keep({ id: newId(), form: key, name: file.name, blob: await shrunk(file, false), isSmall: true, saveData: false, order: Date.now() });
      const { reference } = stop.dataset;
      const version = draft?.version ?? Number(stop.dataset.version);
      const photos = file ? 1 : draft?.photos || 0;
      await store.keepOutcome({ key, photos, whose, reference, outcome, version, action: new URL(link.href).pathname, fields: { ...typed, stood } });
      form.remove();
      given();
    } catch {
      link.dataset.plain = ""; // no room on this phone: by the page of the outcome
      status.textContent = page.dataset.failedKeeping;
      button.disabled = false;
    }
  });
  form.querySelector("textarea, select").focus();
}

// What keeps a form from being sent, by the name of its sentence; "" for nothing.
function missing(form, outcome, needsPhoto) {
  const isEmpty = (name) => !form.elements[name].value.trim();
  if (outcome === "done" && isEmpty("result")) return "lacksResult";
  if (outcome === "elsewhere" && isEmpty("department")) return "lacksDepartment";
  if (outcome === "elsewhere" && isEmpty("reason")) return "lacksReason";
  return outcome === "done" && needsPhoto ? "lacksPhoto" : "";
}

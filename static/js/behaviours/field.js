// The list of who goes out: in walking order from where the phone is, kept on it, and each outcome given in its place, with a
// network or without. Where this browser keeps nothing, everything goes by the pages of the outcomes, as without scripts.
import { here, isAble, isAllowed, order } from "../field/standing.js";

const PAUSE_MS = 30000;
const form = () => import("../field/form.js");
const store = () => import("../field/store.js");
const sender = () => import("../field/sender.js");
const waiting = () => import("../field/waiting.js");

export async function start(page) {
  const place = page.querySelector("[data-list]");
  const kept = page.querySelector("[data-outcomes]");
  const status = page.querySelector(".stand-status");
  const says = page.dataset;
  const isShell = "shell" in says;
  let { whose } = says;
  let coming = 0;

  const find = async () => {
    const list = place.querySelector(".stops");
    if (!list) return;
    status.textContent = says.searching;
    try {
      const from = await here();
      order(list, from, says);
      for (const link of list.querySelectorAll("a[data-outcome]")) {
        const address = new URL(link.href);
        address.searchParams.set("from", from.latitude.toFixed(6) + ", " + from.longitude.toFixed(6));
        link.href = address;
      }
      status.textContent = says.found;
    } catch {
      status.textContent = says.failed;
    }
  };
  const show = async (reason = "") => {
    const records = await (await store()).outcomesOf(whose);
    const given = new Set(records.map(({ reference }) => reference));
    for (const stop of place.querySelectorAll(".stop")) stop.hidden = given.has(stop.dataset.reference);
    await (await waiting()).show(kept, page, records, { reason, edit, again: send });
  };
  const edit = async (record, fields) => {
    const stop = place.querySelector(`.stop[data-reference="${CSS.escape(record.reference)}"]`);
    const link = stop?.querySelector(`[data-outcome=${record.outcome}]`);
    if (!link) return location.assign("/desk/complaints/" + record.reference);
    stop.hidden = false;
    await (await form()).open(stop, link, { page, whose, draft: record, fields, given: send });
  };
  const sent = ({ reference }) => {
    place.querySelector(`.stop[data-reference="${CSS.escape(reference)}"]`)?.remove();
    status.textContent = says.sent.replace("{number}", reference);
  };
  const send = async () => {
    clearTimeout(coming);
    await show();
    const before = place.querySelectorAll(".stop").length;
    const reason = await (await sender()).sendAll(says.session, whose, sent);
    await show(reason);
    if (reason === "connection") coming = setTimeout(() => quietly(send), PAUSE_MS);
    if (place.querySelectorAll(".stop").length === before) return;
    if (isShell && !place.querySelector("form")) location.reload(); // there is a network again
    else await keep();
  };
  const keep = async () => {
    if (!("keep" in says)) return;
    const clone = place.cloneNode(true);
    clone.querySelectorAll("form").forEach((one) => one.remove());
    clone.querySelectorAll("[hidden]").forEach((one) => { one.hidden = false; });
    const addresses = Array.from(clone.querySelectorAll("img"), (image) => image.getAttribute("src"));
    await (await store()).keepList(whose, clone.innerHTML, addresses);
  };
  const restore = async () => {
    const found = await (await store()).keptList();
    if (!found) return;
    whose = found.whose;
    place.innerHTML = found.html; // as the city wrote it, unsealed
    for (const image of place.querySelectorAll("img")) {
      const blob = found.pictures.get(image.getAttribute("src"));
      if (blob) image.src = URL.createObjectURL(blob);
    }
  };

  if (isAble()) {
    const use = page.querySelector("[data-use]");
    use.hidden = false;
    use.addEventListener("click", find);
  }
  const { mayKeep, keepPage } = await store();
  if (mayKeep()) {
    if (isShell) await quietly(restore);
    place.addEventListener("click", async (event) => {
      const link = event.target.closest("a[data-outcome]");
      if (!link || "plain" in link.dataset || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      try {
        await (await form()).open(link.closest(".stop"), link, { page, whose, given: () => quietly(send) });
      } catch {
        location.assign(link.href); // by its own page
      }
    });
    addEventListener("online", () => quietly(send));
    document.addEventListener("visibilitychange", () => { if (!document.hidden) quietly(send); });
    if (!isShell) {
      await quietly(keep);
      await quietly(async () => {
        await keepPage([says.page, ...Array.from(document.querySelectorAll("link[rel=stylesheet]"), (link) => link.href)]);
        if (says.worker) await navigator.serviceWorker?.register(says.worker, { updateViaCache: "none" });
        await Promise.all([form(), sender(), waiting()]); // these are needed when there is no network
      });
    }
    await quietly(send);
  }
  if (await isAllowed().catch(() => false)) await find();
}

async function quietly(work) {
  try {
    await work();
  } catch {
    // no storage, no worker, a file that did not come: the page does without
  }
}

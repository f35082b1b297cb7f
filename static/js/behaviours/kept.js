// On every page for citizens: keeps the service worker, and shows and sends the reports that wait on this phone.
// Nothing more is loaded where none does.
import { ask } from "../sending/store.js";

const isNone = async () => !await ask("report", "readonly", (reports) => reports.count());

export async function start(element) {
  const { worker } = element.dataset;
  let banner = null;
  let coming = 0;
  if (worker) whenIdle(() => quietly(() => navigator.serviceWorker?.register(worker, { updateViaCache: "none" })));
  await arrived();
  quietly(sweep);

  const show = async () => {
    if (!banner && await isNone()) return;
    banner ??= import("../sending/list.js").then((list) => list.banner());
    banner.catch(() => { banner = null; });
    await (await banner).show();
  };
  const sendAll = async (isBack) => {
    if (await isNone()) return;
    const next = await (await import("../sending/sender.js")).sendAll({ isBack });
    clearTimeout(coming);
    if (next < Infinity) coming = setTimeout(() => quietly(sendAll), Math.max(1000, next - Date.now()));
    await show();
  };
  const back = () => quietly(() => sendAll(true));
  document.addEventListener("kept", ({ detail }) => {
    const done = quietly(show);
    detail?.waitUntil(done);
  });
  addEventListener("online", back);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) back(); });
  await quietly(show);
  await back();
}

async function sweep() {
  if (await ask("photo", "readonly", (photos) => photos.count())) await (await import("../sending/shelf.js")).forgetOld();
}

// What the worker fetches waits until the page has all of its own.
function whenIdle(work) {
  const soon = () => (globalThis.requestIdleCallback || setTimeout)(work);
  if (document.readyState === "complete") soon();
  else addEventListener("load", soon, { once: true });
}

// The page of a report that was kept here until its link was seen: it is now.
async function arrived() {
  const page = document.querySelector(".following[data-form]");
  if (page) await quietly(() => ask("report", "readwrite", (reports) => reports.delete(page.dataset.form)));
}

async function quietly(work) {
  try {
    await work();
  } catch {
    // no storage, no worker, a file that did not come: the page does without
  }
}

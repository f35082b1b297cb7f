// Sends what is kept on this phone: each report's text, then its photos; these first where they prove it. One page at a
// time sends, and a report stays kept until the city has said that it has it.
import { Refused, patiently, sendPhoto } from "./chunks.js";
import * as queue from "./queue.js";
import { sendReport } from "./report.js";

const SHORTEST_MS = 30000;
const LONGEST_MS = 30 * 60000;

// The keys of those on their way from this page just now.
export const onTheirWay = new Set();

// Sends one report's text → its outcome, or null if it is being sent already or needs no sending.
export function send(key) {
  return alone("report " + key, () => sendText(key));
}

// Sends one report and its photos because a person wants it, whatever the gaps.
export async function sendNow(key) {
  await send(key);
  await alone("report " + key, () => sendPhotos(key));
}

// Sends everything that is due → when to come back, in ms since 1970 (Infinity: nothing is left to send).
// `isBack`: there may be a connection again, so that what failed for want of one is due.
export async function sendAll({ isBack = false } = {}) {
  await alone("sender", async () => {
    await queue.age();
    for (const record of await queue.all()) {
      if (isUnsent(record) && isDue(record, isBack)) await sendNow(record.key);
    }
  });
  const waiting = (await queue.all()).filter(isUnsent);
  return Math.min(Infinity, ...waiting.map(({ next }) => Math.min(next, Date.now() + LONGEST_MS)));
}

const isUnsent = ({ state, hasPhotos }) => state === "kept" || (state === "received" && hasPhotos !== false);

// A clock that was put back makes no report wait longer than the longest gap.
function isDue({ next, reason }, isBack) {
  return next <= Date.now() || next > Date.now() + LONGEST_MS || (isBack && reason !== "busy");
}

async function sendText(key) {
  const record = await queue.one(key);
  if (!record || record.state === "received") return null;
  onTheirWay.add(key);
  queue.tell();
  try {
    const read = await readable(record);
    return await noted(record, read ? await sent(record, read) : { state: "refused", reason: "unreadable" });
  } finally {
    onTheirWay.delete(key);
    queue.tell();
  }
}

async function sent({ key, kept, proves }, { action, form }) {
  if (!proves) return sendReport(action, form);
  try {
    return await (await import("./ahead.js")).sendAhead({ key, action, form, since: kept });
  } catch {
    return { state: "kept", reason: "connection", wait: 0 }; // not even the script came
  }
}

// Null where it cannot be opened any more: its key is gone, or half of it.
async function readable(record) {
  try {
    return { action: (await queue.read(record)).action, form: await queue.formOf(record) };
  } catch {
    return null;
  }
}

async function noted(record, outcome) {
  const { state, reason, faults, wait } = outcome;
  if (state === "received") await queue.received(record, outcome);
  else if (state === "refused") await queue.change(record.key, { state, reason, faults });
  else {
    const next = Date.now() + Math.min(LONGEST_MS, Math.max(wait, gap(record.tries)));
    // One that is too old to be sent by itself stays so.
    const stays = record.state === "expired" ? {} : { state };
    await queue.change(record.key, { ...stays, reason, tries: record.tries + 1, next });
  }
  return outcome;
}

// The link is opened first: with it this browser may send photos, and finds the report again on its list.
async function sendPhotos(key) {
  const record = await queue.one(key);
  if (record?.state !== "received" || record.hasPhotos === false) return;
  try {
    if (!record.isOpened) {
      const opened = await fetch((await queue.read(record)).address);
      if (!opened.ok) return;
      await queue.change(key, { isOpened: true });
    }
    await alone("photos " + key, () => sendEach(record));
  } catch {
    const tries = (record.photoTries || 0) + 1;
    await queue.change(key, { photoTries: tries, next: Date.now() + gap(tries) });
  }
  queue.tell();
}

// A photo that the city will never take stays on the phone: the report's own page says why.
async function sendEach({ key, number }) {
  const [{ forget, of }, { smallOf }] = await Promise.all([import("./shelf.js"), import("./small.js")]);
  for (const photo of await of(key)) {
    const blob = await smallOf(photo);
    try {
      await sendPhoto("/my/" + number + "/photos/uploads/" + photo.id, blob, { name: photo.name, sent() {}, cut: patiently });
      await forget(photo.id);
    } catch (error) {
      if (!(error instanceof Refused) || error.isForNow) throw error;
      await queue.change(key, { reason: "photo" });
    }
  }
  await queue.change(key, { hasPhotos: false });
}

const gap = (tries) => Math.min(LONGEST_MS, SHORTEST_MS * 2 ** tries);

// Does it unless another page does just now; without locks, the key of the report keeps two sendings harmless.
function alone(name, work) {
  if (!navigator.locks) return work();
  return navigator.locks.request(name, { ifAvailable: true }, (lock) => (lock ? work() : null));
}

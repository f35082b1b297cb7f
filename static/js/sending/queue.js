// Reports kept on this phone until the city has them, and what is typed into a form before. A report's record:
// key (that of its form, which makes a second sending harmless), kept (ms since 1970), state (kept, refused, received,
// expired), reason, faults, tries, next (ms; not sent by itself before), number, hasPhotos, isOpened (its link),
// proves (it is judged by its photos, which go first),
// and sealed: action, fields, files, address.
import { isShared } from "./shared.js";
import { ask } from "./store.js";
import { canSeal, seal, sealValue, unseal, unsealValue } from "./vault.js";

export const LONGEST_MS = 7 * 24 * 3600 * 1000;
const SHOWN_MS = 24 * 3600 * 1000;
const SKEW_MS = 5 * 60 * 1000;

const news = globalThis.BroadcastChannel && new BroadcastChannel("kept");

export const mayKeep = () => canSeal() && !isShared();

// Calls back whenever another page changed a report on this phone; this one says so by itself.
export function watch(changed) {
  if (news) news.onmessage = changed;
}

export function tell() {
  document.dispatchEvent(new CustomEvent("kept"));
  news?.postMessage("");
}

// Keeps a report before it is sent, in place of its draft.
export async function keep(key, action, form, proves = false) {
  const fields = [];
  const files = [];
  for (const [name, value] of form) {
    if (typeof value === "string") fields.push([name, value]);
    else if (value.size) files.push({ name, file: value.name, type: value.type, sealed: await seal(value) });
  }
  const record = { key, kept: Date.now(), state: "kept", tries: 0, next: 0, proves, files, sealed: await sealValue({ action, fields }) };
  await ask("report draft", "readwrite", (reports, drafts) => {
    drafts.delete(key);
    return reports.put(record);
  });
}

export async function all() {
  const records = await ask("report", "readonly", (reports) => reports.getAll());
  return records.sort((one, other) => one.kept - other.kept);
}

export function one(key) {
  return ask("report", "readonly", (reports) => reports.get(key));
}

// Changes a record that is still there; one that was deleted meanwhile stays deleted.
export async function change(key, values) {
  await ask("report", "readwrite", (reports) => {
    const request = reports.get(key);
    request.onsuccess = () => { if (request.result) reports.put({ ...request.result, ...values }); };
    return request;
  });
}

export async function forget(key) {
  await ask("report", "readwrite", (reports) => reports.delete(key));
}

// What was typed: { action, fields }, and where the city put it, if it has it.
export function read(record) {
  return unsealValue(record.sealed);
}

export async function formOf(record) {
  const form = new FormData();
  for (const [name, value] of (await read(record)).fields) form.append(name, value);
  for (const { name, file, type, sealed } of record.files) form.append(name, await unseal(sealed, type), file);
  return form;
}

export async function received(record, { address, number }) {
  const sealed = await sealValue({ ...(await read(record)), address });
  await change(record.key, { state: "received", reason: "", faults: undefined, number, files: [], sealed });
}

// Lets nothing grow old unseen: after seven days a report is not sent by itself any more, and a day after that was
// shown it is deleted. A clock that was wrong for a while makes none older than it is.
export async function age() {
  for (const record of await all()) await grow(record, Date.now());
}

async function grow({ key, kept, state, shown = 0 }, now) {
  const isOld = kept < now - LONGEST_MS;
  if (kept > now + SKEW_MS) await change(key, { kept: now });
  else if (state === "expired" && !isOld) await change(key, { state: "kept", reason: "", shown: 0 });
  else if (state === "received" ? isOld : isOld && shown && shown < now - SHOWN_MS) await forget(key);
  else if (state !== "received" && isOld && (!shown || shown > now)) await change(key, { state: "expired", reason: "expired", shown: now });
}

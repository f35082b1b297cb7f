// What is typed into a form before it is sent, sealed, by the key of its form; brought back after seven days at most.
import { LONGEST_MS, formOf, read } from "./queue.js";
import { isTyped } from "./report.js";
import { keep as keepPhoto, newId } from "./shelf.js";
import { ask } from "./store.js";
import { sealValue, unsealValue } from "./vault.js";

// Unless it is not `isWanted` any more, once it is sealed.
export async function keep(key, fields, isWanted = () => true) {
  const sealed = await sealValue({ fields });
  if (!isWanted()) return;
  await ask("draft", "readwrite", (drafts) => drafts.put({ key, kept: Date.now(), sealed }));
}

export async function forget(key) {
  await ask("draft", "readwrite", (drafts) => drafts.delete(key));
}

// The latest that no page has open, as { key, fields, faults }, or null.
export async function latest() {
  const records = await ask("draft", "readonly", (drafts) => drafts.getAll());
  const isOld = ({ kept }) => kept < Date.now() - LONGEST_MS;
  for (const { key } of records.filter(isOld)) await forget(key);
  const held = new Set((await navigator.locks?.query())?.held.map(({ name }) => name));
  const free = records.filter((record) => !isOld(record) && !held.has("draft " + record.key));
  const last = free.sort((one, other) => other.kept - one.kept)[0];
  return last ? { key: last.key, faults: last.faults, ...await unsealValue(last.sealed) } : null;
}

// Makes a kept report a draft again while its form is still there, with its photos.
export async function handBack(key) {
  const { fields } = await read(await ask("report", "readonly", (reports) => reports.get(key)));
  await keep(key, fields.filter(isTyped));
  await ask("report", "readwrite", (reports) => reports.delete(key));
}

// Makes a kept report a draft again, to be put right: with its photos, and what was wrong with it.
export async function reopen(record) {
  const { fields } = await read(record);
  const photos = (await formOf(record)).getAll("photos");
  for (const [order, file] of photos.entries()) {
    await keepPhoto({ id: newId(), form: record.key, name: file.name, blob: file, isSmall: false, saveData: false, order });
  }
  const faults = Object.values(record.faults || {});
  const draft = { key: record.key, kept: Date.now(), faults, sealed: await sealValue({ fields: fields.filter(isTyped) }) };
  await ask("report draft", "readwrite", (reports, drafts) => {
    reports.delete(record.key);
    return drafts.put(draft);
  });
}

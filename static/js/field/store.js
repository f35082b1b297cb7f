// What an official who goes out keeps on this phone, sealed, each thing under the mark of whose it is: the list, and the
// outcomes that the city has not yet. An outcome: key (that of its form, which makes a second sending harmless), whose,
// reference, version, kept (ms since 1970), state (kept, refused), said (what the city answered), and sealed: action, fields.
import { isShared } from "../sending/shared.js";
import { forgetAllOf } from "../sending/shelf.js";
import { database } from "../sending/store.js";
import { canSeal, seal, sealValue, unseal, unsealValue } from "../sending/vault.js";

const CACHE = "field";
const LONGEST_MS = 7 * 24 * 3600 * 1000;
const ask = database("field", 1, (made) => {
  made.createObjectStore("list", { keyPath: "whose" });
  made.createObjectStore("outcome", { keyPath: "key" });
});

export const mayKeep = () => canSeal() && !isShared();

// Keeps the list of an official, and with it what the page needs without a network; nobody else's list stays.
export async function keepList(whose, html, addresses) {
  const pictures = [];
  for (const address of addresses) {
    const answer = await fetch(address).catch(() => null);
    if (answer?.ok) pictures.push({ address, sealed: await seal(await answer.blob()) });
  }
  const record = { whose, sealed: await sealValue({ html, at: Date.now() }), pictures };
  await ask("list", "readwrite", (lists) => {
    lists.clear();
    return lists.put(record);
  });
}

// Takes away the list of anybody else.
export async function forgetOthers(whose) {
  for (const other of await ask("list", "readonly", (lists) => lists.getAllKeys())) {
    if (other !== whose) await ask("list", "readwrite", (lists) => lists.delete(other));
  }
}

// The list that was kept last → { whose, html, at, pictures: Map of address to blob }, or null.
export async function keptList() {
  const [record] = await ask("list", "readonly", (lists) => lists.getAll());
  if (!record) return null;
  const list = await unsealValue(record.sealed);
  if (list.at < Date.now() - LONGEST_MS) return null;
  const opened = record.pictures.map(async ({ address, sealed }) => [address, await unseal(sealed, "image/jpeg")]);
  return { whose: record.whose, ...list, pictures: new Map(await Promise.all(opened)) };
}

// The page and its style sheet, for the service worker; what was there before goes.
export async function keepPage(addresses) {
  const cache = await caches.open(CACHE);
  await cache.addAll(addresses);
  const wanted = new Set(addresses.map((address) => new URL(address, location).href));
  for (const { url } of await cache.keys()) if (!wanted.has(url)) await cache.delete(url, { ignoreVary: true });
}

export async function keepOutcome({ action, fields, ...record }) {
  const sealed = await sealValue({ action, fields });
  await ask("outcome", "readwrite", (outcomes) => outcomes.put({ kept: Date.now(), state: "kept", ...record, sealed }));
}

// Of others nothing is shown, and after seven days nothing is kept.
export async function outcomesOf(whose) {
  const all = await ask("outcome", "readonly", (outcomes) => outcomes.getAll());
  for (const one of all) if (one.whose !== whose && one.kept < Date.now() - LONGEST_MS) await forget(one.key);
  return all.filter((record) => record.whose === whose).sort((one, other) => one.kept - other.kept);
}

export const read = ({ sealed }) => unsealValue(sealed);

// Changes a record that is still there.
export async function change(key, values) {
  await ask("outcome", "readwrite", (outcomes) => {
    const request = outcomes.get(key);
    request.onsuccess = () => { if (request.result) outcomes.put({ ...request.result, ...values }); };
    return request;
  });
}

export async function forget(key) {
  await forgetAllOf(key);
  await ask("outcome", "readwrite", (outcomes) => outcomes.delete(key));
}

// How many outcomes wait here, whoever gave them.
export const count = () => ask("outcome", "readonly", (outcomes) => outcomes.count());

// Who signs out leaves nothing.
export async function forgetAll() {
  for (const key of await ask("outcome", "readonly", (outcomes) => outcomes.getAllKeys())) await forgetAllOf(key);
  await ask("list outcome", "readwrite", (lists, outcomes) => {
    lists.clear();
    return outcomes.clear();
  });
  await globalThis.caches?.delete(CACHE);
}

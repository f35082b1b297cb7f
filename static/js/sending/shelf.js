// Photos kept on this phone until the city has them, whatever becomes of the page: one record each, in IndexedDB.
// A record: id (UUID, the name of the upload), form (the key of its form), name, blob, isSmall (shrunk already),
// saveData, order, moment (when it was taken, as its EXIF said), kept (ms since 1970). Name and blob are sealed where this browser can.
import { isShared } from "./shared.js";
import { ask } from "./store.js";
import { canSeal, seal, sealValue, unseal, unsealValue } from "./vault.js";

export { newId } from "./store.js";

const HOUR = 3600 * 1000;
const LONGEST_MS = 7 * 24 * HOUR; // the city forgets unfinished uploads after the same time

export async function keep({ name, blob, ...record }) {
  await forgetOld();
  const held = canSeal() ? { type: blob.type, named: await sealValue(name), sealed: await seal(blob) } : { name, blob };
  await ask("photo", "readwrite", (photos) => photos.put({ kept: Date.now(), ...record, ...held }));
}

// The photos of a form, in their order.
export async function of(form) {
  const found = await ask("photo", "readonly", (photos) => photos.index("form").getAll(form));
  found.sort((one, other) => one.order - other.order);
  return Promise.all(found.map(opened));
}

export async function forget(id) {
  await ask("photo", "readwrite", (photos) => photos.delete(id));
}

export async function forgetAllOf(form) {
  for (const id of await ask("photo", "readonly", (photos) => photos.index("form").getAllKeys(form))) await forget(id);
}

// On a shared phone a photo waits for its report for an hour.
export async function forgetOld() {
  const oldest = Date.now() - (isShared() ? HOUR : LONGEST_MS);
  const all = await ask("photo", "readonly", (photos) => photos.getAll());
  for (const record of all.filter(({ kept }) => kept < oldest)) await forget(record.id);
}

async function opened({ named, sealed, type, ...record }) {
  return sealed ? { ...record, name: await unsealValue(named), blob: await unseal(sealed, type) } : record;
}

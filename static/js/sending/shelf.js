// Photos kept on this phone until the city has them, whatever becomes of the page: one record each, in IndexedDB.
// A record: id (UUID, the name of the upload), form (the key of its form), name, blob, isSmall (shrunk already),
// saveData, order, kept (ms since 1970).
const LONGEST_MS = 7 * 24 * 3600 * 1000; // the city forgets unfinished uploads after the same time

let opened;

export async function keep(record) {
  await forgetOld();
  await asked("readwrite", (photos) => photos.put({ kept: Date.now(), ...record }));
}

// The photos of a form, in their order.
export async function of(form) {
  const found = await asked("readonly", (photos) => photos.index("form").getAll(form));
  return found.sort((one, other) => one.order - other.order);
}

export async function forget(id) {
  await asked("readwrite", (photos) => photos.delete(id));
}

// A random UUID; crypto.randomUUID is there on encrypted connections only.
export function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

async function forgetOld() {
  const all = await asked("readonly", (photos) => photos.getAll());
  for (const record of all.filter(({ kept }) => kept < Date.now() - LONGEST_MS)) await forget(record.id);
}

// Resolves once it would survive the end of this page: when the transaction is complete.
async function asked(mode, question) {
  const database = await open();
  return new Promise((resolve, reject) => {
    const transaction = database.transaction("photo", mode, { durability: "strict" });
    const request = question(transaction.objectStore("photo"));
    transaction.oncomplete = () => resolve(request.result);
    transaction.onabort = transaction.onerror = () => reject(transaction.error);
  });
}

function open() {
  opened ??= new Promise((resolve, reject) => {
    const request = indexedDB.open("sending", 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore("photo", { keyPath: "id" }).createIndex("form", "form");
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  return opened;
}

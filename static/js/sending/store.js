// What this phone keeps until the city has it, in IndexedDB: photos, reports, drafts, and the key that seals them.
export const ask = database("sending", 2, upgrade);

// database(name, version, upgrade) → ask("report", mode, (reports) => request) → its result, once it would survive the end
// of this page. Several stores, separated by spaces, are changed together or not at all.
export function database(name, version, upgraded) {
  let opened;
  const open = () => {
    opened ??= new Promise((resolve, reject) => {
      const request = indexedDB.open(name, version);
      request.onupgradeneeded = () => upgraded(request.result);
      request.onsuccess = () => {
        const forgetMe = () => { opened = undefined; };
        request.result.onclose = forgetMe; // the browser threw everything away, as it was asked to
        request.result.onversionchange = () => { request.result.close(); forgetMe(); };
        resolve(request.result);
      };
      request.onblocked = () => reject(new Error("another page holds an older state"));
      request.onerror = () => reject(request.error);
    });
    opened.catch(() => { opened = undefined; });
    return opened;
  };
  return async (names, mode, question) => {
    const held = await open();
    return new Promise((resolve, reject) => {
      const transaction = held.transaction(names.split(" "), mode, { durability: "strict" });
      const request = question(...names.split(" ").map((store) => transaction.objectStore(store)));
      transaction.oncomplete = () => resolve(request?.result);
      transaction.onabort = transaction.onerror = () => reject(transaction.error);
    });
  };
}

// A random UUID; crypto.randomUUID is there on encrypted connections only.
export function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

function upgrade(database) {
  const is = (name) => database.objectStoreNames.contains(name);
  if (!is("photo")) database.createObjectStore("photo", { keyPath: "id" }).createIndex("form", "form");
  if (!is("report")) database.createObjectStore("report", { keyPath: "key" });
  if (!is("draft")) database.createObjectStore("draft", { keyPath: "key" });
  if (!is("key")) database.createObjectStore("key");
}

// Seals what is kept on this phone: AES-GCM with a key that no script can read out, in pieces, so that a photo of 12 MB
// takes the memory of one. A piece: 12 random bytes, then its sealed bytes; its number is sealed with it.
import { ask } from "./store.js";

const PIECE_BYTES = 1024 * 1024;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

let made;

// Only on encrypted connections: elsewhere nothing is sealed, and no report is kept.
export const canSeal = () => Boolean(crypto.subtle);

export async function seal(blob) {
  const key = await theKey();
  const pieces = [];
  for (let at = 0, number = 0; at === 0 || at < blob.size; at += PIECE_BYTES, number += 1) {
    const iv = crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
    const plain = await blob.slice(at, at + PIECE_BYTES).arrayBuffer();
    const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData: place(number) }, key, plain);
    pieces.push(new Blob([iv, sealed]));
  }
  return new Blob(pieces);
}

export async function unseal(sealed, type = "") {
  const key = await theKey();
  const step = NONCE_BYTES + PIECE_BYTES + TAG_BYTES;
  const pieces = [];
  for (let at = 0, number = 0; at < sealed.size; at += step, number += 1) {
    const piece = await sealed.slice(at, at + step).arrayBuffer();
    const how = { name: "AES-GCM", iv: piece.slice(0, NONCE_BYTES), additionalData: place(number) };
    pieces.push(new Blob([await crypto.subtle.decrypt(how, key, piece.slice(NONCE_BYTES))]));
  }
  return new Blob(pieces, { type });
}

export function sealValue(value) {
  return seal(new Blob([JSON.stringify(value)]));
}

export async function unsealValue(sealed) {
  return JSON.parse(await (await unseal(sealed)).text());
}

function place(number) {
  return new Uint8Array(new Uint32Array([number]).buffer);
}

function theKey() {
  made ??= known();
  made.catch(() => { made = undefined; });
  return made;
}

// Of two pages that make one at once, the first is heard.
async function known() {
  const found = await ask("key", "readonly", (keys) => keys.get("seal"));
  if (found) return found;
  const fresh = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
  const first = await ask("key", "readwrite", (keys) => {
    const request = keys.get("seal");
    request.onsuccess = () => { if (!request.result) keys.put(fresh, "seal"); };
    return request;
  });
  return first || fresh;
}

// Sends a photo in pieces. The city says from which byte to go on, so that no cut costs more than what was on its way.
const PIECE_BYTES = 32 * 1024;
const patience = () => AbortSignal.timeout?.(60000); // 32 kB at 5 kbit/s, the slowest link we know of
const MOST_RESTARTS = 3;
const MOST_CUTS = 3;
let isBadLine = false; // it was cut before: each piece goes over a connection of its own (cps/console/serve.py)
const NOT_NOW = new Set([408, 425, 429, 500, 502, 503, 504]);

// The city does not take this photo: `sentence` says why; `isForNow` whether it may later; `isFiled`: its form was filed.
// An empty sentence: no reason given.
export class Refused extends Error {
  constructor(sentence, isForNow, isFiled = false) {
    super(sentence);
    Object.assign(this, { sentence, isForNow, isFiled });
  }
}

// A `cut` that gives up after the third failure on end.
export async function patiently(tries) {
  if (tries > MOST_CUTS) throw new Error("not now");
  await new Promise((resolve) => setTimeout(resolve, 500 * 2 ** tries));
}

// sendPhoto(address of its upload, blob, { name, among, sent(bytes), cut(tries) }) → when all of it has arrived.
// `among`: the uploads of its form, of one that is not filed yet. `sent` hears how far it is; `cut` is asked after each
// failure and resolves when to try again. Throws Refused.
export async function sendPhoto(address, blob, { name, among = "", sent, cut }) {
  const photo = new URLSearchParams({ size: blob.size, name, sha256: await hash(blob), ...(among && { among }) });
  let tries = 0;
  let restarts = 0;
  let farthest = 0;
  let at = null; // not known: ask
  for (;;) {
    try {
      const answer = at === null ? await asked(address) : await pieceSent(address, photo, blob, at);
      if (answer.complete) return;
      const wasCut = answer.again || (at === null && answer.offset > 0);
      if (wasCut && !isBadLine) {
        isBadLine = true;
        at = null;
        continue;
      }
      if (at !== null && answer.offset <= at) restarts += 1;
      if (restarts > MOST_RESTARTS) throw new Refused("", true);
      at = answer.offset;
      // Only bytes that arrived begin the count anew: a city that answers how far it is but takes no piece is left in peace.
      if (at > farthest) tries = 0;
      farthest = Math.max(farthest, at);
      sent(at);
    } catch (error) {
      if (error instanceof Refused) throw error;
      isBadLine = true;
      at = null;
      tries += 1;
      await cut(tries);
    }
  }
}

function asked(address) {
  return answered(fetch(address + (isBadLine ? "?cut" : ""), { signal: patience() }));
}

function pieceSent(address, photo, blob, at) {
  const body = blob.slice(at, at + PIECE_BYTES);
  const options = { method: "PATCH", body, signal: patience() };
  return answered(fetch(address + "?offset=" + at + "&" + photo + (isBadLine ? "&cut" : ""), options));
}

async function answered(request) {
  const answer = await request;
  if (answer.ok) return answer.json();
  if (NOT_NOW.has(answer.status)) throw new Error("not now");
  const said = answer.headers.get("Content-Type")?.startsWith("application/json") ? await answer.json() : {};
  throw new Refused(said.sentence || "", answer.status === 507, answer.status === 410);
}

// SHA-256 in hex, where the browser can: on encrypted connections.
async function hash(blob) {
  if (!crypto.subtle) return "";
  const bytes = new Uint8Array(await crypto.subtle.digest("SHA-256", await blob.arrayBuffer()));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

// Sends the text of a report. Its form's key makes a second sending harmless: the same key is the same report.
import { newId } from "./store.js";

const PATIENCE_MS = 60000;
const SLOWEST_BYTES = 500; // a second, for what goes along with the text
const NOT_NOW = new Set([408, 425, 429, 500, 502, 503, 504]);

// Who keeps the photos of a form: form → () => Promise of how they go: "with" it, "after" it from the phone's shelf, or
// "before" it, for it is judged by them.
export const photosOf = new WeakMap();

// The key of a form; one that was kept for use without a network has none yet.
export function keyOf(form) {
  return form.elements.key.value ||= newId();
}

// Whether a field of a form was typed: not the form's own, nor typed to be helped by.
const NOT_TYPED = /^(key|asked|consent|kept|uploads|waited|sure|without|find|map_.*)$/;

export function isTyped([name, value]) {
  return typeof value === "string" && value !== "" && !NOT_TYPED.test(name);
}

// sendReport(address, FormData) → what the city made of it, as `state`:
//   received: `address` of its page, its `number`;
//   refused: why, by name in `reason` (faults, look, large, changed, other), with `faults` by field where it said so, and all
//   that was `said`;
//   kept: not now, by name in `reason` (connection, busy), with the `wait` in ms that it asked for.
export async function sendReport(address, fields) {
  let answer;
  try {
    const headers = { Accept: "application/json" };
    answer = await fetch(address, { method: "POST", body: fields, headers, signal: patience(fields) });
    return await outcome(answer);
  } catch {
    return { state: "kept", reason: "connection", wait: 0 };
  }
}

async function outcome(answer) {
  const { status, headers } = answer;
  if (status === 201) {
    const { address, reference } = await answer.json();
    return { state: "received", address, number: reference };
  }
  if (NOT_NOW.has(status)) return { state: "kept", reason: "busy", wait: asked(headers.get("Retry-After")) };
  if (status === 422) {
    const said = await answer.json();
    const { faults } = said;
    return { state: "refused", reason: Object.keys(faults).length ? "faults" : "look", faults, said };
  }
  if (status === 409 && isJson(headers)) return { state: "refused", reason: "changed", said: await answer.json() };
  if (status === 413) return { state: "refused", reason: "large" };
  if (status >= 400) return { state: "refused", reason: "other" };
  return { state: "kept", reason: "connection", wait: 0 }; // not the city: a page that wants a sign-in to the network
}

const isJson = (headers) => Boolean(headers.get("Content-Type")?.startsWith("application/json"));

// Retry-After in ms: seconds, or a date.
function asked(said) {
  const seconds = Number(said);
  const wait = Number.isNaN(seconds) ? Date.parse(said) - Date.now() : 1000 * seconds;
  return Math.max(0, wait || 0);
}

function patience(fields) {
  let bytes = 0;
  for (const value of fields.values()) bytes += value.size || 0;
  return AbortSignal.timeout?.(PATIENCE_MS + (1000 * bytes) / SLOWEST_BYTES);
}

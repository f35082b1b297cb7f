// Sends the outcomes that wait on this phone: each photo first, in pieces, then the form, as reports that are judged by their
// photos go. One page at a time sends; a key that the city knows already is done already.
import { sendAhead } from "../sending/ahead.js";
import { of } from "../sending/shelf.js";
import * as store from "./store.js";

// sendAll(address of the session, whose, sent(record)) → why it stopped: "" (nothing waits), "connection", "signin", "other".
export function sendAll(address, whose, sent) {
  const work = () => sendEach(address, whose, sent);
  return navigator.locks ? navigator.locks.request("field", work) : work();
}

async function sendEach(address, whose, sent) {
  const waiting = (await store.outcomesOf(whose)).filter(({ state }) => state === "kept");
  if (!waiting.length) return "";
  const session = await signedIn(address);
  if (session.reason) return session.reason;
  if (session.whose !== whose) return "other"; // somebody else is signed in: it is not theirs to send
  for (const record of waiting) {
    const outcome = await sendOne(record, session.token);
    if (outcome.state === "received") {
      await store.forget(record.key);
      sent(record);
    } else if (outcome.state === "refused") {
      const { said = {}, faults } = outcome;
      await store.change(record.key, { state: "refused", said: { faults, ...said }, version: said.version ?? record.version });
    } else return "connection";
  }
  return "";
}

async function sendOne(record, token) {
  try {
    const { action, fields } = await store.read(record);
    const held = await of(record.key);
    if (held.length < record.photos) return { state: "refused", said: { isLost: true } }; // the shelf keeps none for ever
    const form = new FormData();
    for (const [name, value] of Object.entries({ ...fields, key: record.key, version: record.version, csrf_token: token })) form.set(name, value);
    return await sendAhead({ key: record.key, action, form, since: record.kept });
  } catch {
    return { state: "kept" };
  }
}

async function signedIn(address) {
  try {
    const answer = await fetch(address, { headers: { Accept: "application/json" } });
    if (answer.redirected || !answer.ok) return { reason: "signin" };
    return await answer.json();
  } catch {
    return { reason: "connection" };
  }
}

// Whether others use this phone too: then no report and no draft is kept on it. A cookie says so, for it stays when
// everything else on the phone is forgotten.
import { ask } from "./store.js";

const A_YEAR = 365 * 24 * 3600;

export const isShared = () => /(^|; )shared=yes/.test(document.cookie);

export async function share(isOn) {
  document.cookie = "shared=yes; path=/; samesite=lax; max-age=" + (isOn ? A_YEAR : 0);
  if (isOn) await empty();
}

async function empty() {
  await ask("report draft photo", "readwrite", (...stores) => { stores.forEach((store) => store.clear()); });
}

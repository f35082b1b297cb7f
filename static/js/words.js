// The words a city looks out for, loaded when they are first needed and then kept.
let loading = null;

export function wordsFrom(address) {
  loading = loading || fetch(address).then((answer) => (answer.ok ? answer.json() : Promise.reject(answer)));
  loading.catch(() => { loading = null; }); // no network: tried again the next time
  return loading;
}

// Small letters, one space around each word: as `cps.city.phrases.spaced` writes it.
export function spaced(text) {
  return " " + text.normalize("NFC").toLowerCase().replace(/[^\p{L}\p{N}\u0900-\u0963\u200c\u200d]+/gu, " ").trim() + " ";
}

// Without accents: as `cps.kernel.text.folded` writes it.
export function folded(text) {
  return text.toLowerCase().replace(/đ/g, "d").normalize("NFD").replace(/[\u0300-\u036f\u200c\u200d\u093c]/g, "");
}

const FEWEST_BARE = 4;

export function areIn(phrases, text) {
  const words = spaced(text);
  const isBare = folded(words) === words;
  return phrases.some((phrase) => words.includes(phrase) || (isBare && phrase.trim().length >= FEWEST_BARE && words.includes(folded(phrase))));
}

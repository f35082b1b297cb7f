// Writes a count with the digits and the groups of the page's language.
const DIGITS = { ne: "deva" }; // said here, since Chromium knows nothing of Nepali and writes Latin ones

export function written(count) {
  return count.toLocaleString(document.documentElement.lang, digits());
}

export function digits() {
  return { numberingSystem: DIGITS[document.documentElement.lang] };
}

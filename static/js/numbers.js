// Writes a count with the digits and the groups of the page's language.
const DIGITS = { ne: "deva" }; // said here, since Chromium knows nothing of Nepali and writes Latin ones

export function written(count) {
  const language = document.documentElement.lang;
  return count.toLocaleString(language, { numberingSystem: DIGITS[language] });
}

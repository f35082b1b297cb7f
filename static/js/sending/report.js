// Sends the text of a report. Its form's key makes a second sending harmless: the same key is the same report.

// Who keeps the photos of a form elsewhere: form → () => Promise of whether all of them are kept there.
export const photosOf = new WeakMap();

// sendReport(address, FormData) → the address of its page, or null if the city wants something changed first
// (or could not be asked properly). Throws TypeError where there is no connection.
export async function sendReport(address, fields) {
  const answer = await fetch(address, { method: "POST", body: fields, headers: { Accept: "application/json" } });
  return answer.status === 201 ? (await answer.json()).address : null;
}

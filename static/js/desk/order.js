// The order of the queue somebody came from: kept for this tab, so that from one report the next one is a key away.
const NAME = "desk-queue";

// Keeps the lines of this page, if it is a queue.
export function keepOrder() {
  const links = Array.from(document.querySelectorAll("a.q-link"), (link) => link.getAttribute("href"));
  if (links.length) sessionStorage.setItem(NAME, JSON.stringify({ address: location.pathname + location.search, links }));
}

export function queueAddress() {
  return kept().address;
}

// A link to the report before or after this one in that order, or none at its end.
export function beside(way) {
  const { links = [] } = kept();
  const place = links.indexOf(location.pathname.split("/mergers/")[0]); // beside another one it is still this report
  const href = place < 0 ? undefined : links[place + way];
  if (!href) return null;
  const link = document.createElement("a");
  link.href = href;
  return link;
}

// Passes over a report from now on.
export function leaveOut(path) {
  const { address, links = [] } = kept();
  sessionStorage.setItem(NAME, JSON.stringify({ address, links: links.filter((link) => link !== path) }));
}

function kept() {
  try {
    return JSON.parse(sessionStorage.getItem(NAME)) || {};
  } catch {
    return {};
  }
}

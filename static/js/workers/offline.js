// The service worker: shows a report form of its own where a page cannot be had for want of a network, and nothing else.
// It keeps no page but that one, answers no form, and never touches the desk. `CPS` is written before it by the city:
// { version, page, kept: addresses }.
const kept = new Set(CPS.kept.map((address) => new URL(address, location).href));

addEventListener("install", (event) => {
  skipWaiting();
  event.waitUntil(caches.open(CPS.version).then((cache) => cache.addAll(CPS.kept)));
});

addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    for (const name of await caches.keys()) if (name !== CPS.version) await caches.delete(name);
    await registration.navigationPreload?.enable();
    await clients.claim();
  })());
});

addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin) return;
  if (request.mode === "navigate" && !/^\/(desk|demo)\b/.test(pathname)) event.respondWith(page(event));
  else if (kept.has(request.url) && request.mode !== "navigate") event.respondWith(file(request));
});

async function page(event) {
  try {
    return await event.preloadResponse || await fetch(event.request);
  } catch {
    return caches.match(CPS.page);
  }
}

async function file(request) {
  return await caches.match(request) || fetch(request);
}

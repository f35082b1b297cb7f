// The service worker: shows a report form of its own where a page cannot be had for want of a network, and nothing else.
// It keeps no page but that one and answers no form. Of the desk it touches one page alone: in place of the list of who goes
// out it shows the page that this list put into the cache FIELD, which has nothing of anybody. `CPS` is written before it by the city:
// { version, page, kept: addresses }.
const FIELD = { cacheName: "field", ignoreVary: true };
const kept = new Set(CPS.kept.map((address) => new URL(address, location).href));

addEventListener("install", (event) => {
  skipWaiting();
  event.waitUntil(caches.open(CPS.version).then((cache) => cache.addAll(CPS.kept)));
});

addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    for (const name of await caches.keys()) if (name !== CPS.version && name !== FIELD.cacheName) await caches.delete(name);
    await registration.navigationPreload?.enable();
    await clients.claim();
  })());
});

addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin) return;
  if (request.mode === "navigate" && pathname === "/desk/field") event.respondWith(page(event, "/desk/field/offline", FIELD));
  else if (request.mode === "navigate" && !/^\/(desk|demo)\b/.test(pathname)) event.respondWith(page(event, CPS.page));
  else if ((kept.has(request.url) || pathname.startsWith("/static/built/desk.")) && request.mode !== "navigate") event.respondWith(file(request));
});

async function page(event, instead, where) {
  try {
    return await event.preloadResponse || await fetch(event.request);
  } catch {
    return await caches.match(instead, where) || Response.error();
  }
}

async function file(request) {
  return await caches.match(request) || fetch(request);
}

// What stands in for the service worker once the city has withdrawn it: takes away what it kept, and itself.
// Pages that are open stay as they are, for something may be half written; the next ones come from the city alone.
addEventListener("install", () => skipWaiting());

addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    for (const name of await caches.keys()) await caches.delete(name);
    await registration.unregister();
  })());
});

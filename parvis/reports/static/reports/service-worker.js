// Begun by /signaler/sw.js, which says what to keep and under which version. It rules the filing pages
// alone (its scope is /signaler/). The network always comes first; what is kept is one page, the same
// for everybody and asked for without cookies, and the files it needs: never a page of a person.
const { version, page, files } = self.parvis;
const OURS = "parvis-signaler-";
const NAME = OURS + version;
const PATIENCE = 8000; // milliseconds before a page that does not come is given up

self.addEventListener("install", (event) => event.waitUntil(fill().then(() => self.skipWaiting())));

async function fill() {
  const cache = await caches.open(NAME);
  await Promise.all(
    [page, ...files].map(async (address) => {
      const answer = await fetch(address, { credentials: "omit", cache: "no-cache" });
      if (!answer.ok) throw new Error(address);
      await cache.put(address, answer);
    }),
  );
}

self.addEventListener("activate", (event) => event.waitUntil(tidy().then(() => self.clients.claim())));

async function tidy() {
  const old = (await caches.keys()).filter((name) => name.startsWith(OURS) && name !== NAME);
  await Promise.all(old.map((name) => caches.delete(name)));
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (request.method !== "GET" || address.origin !== self.location.origin) return;
  if (request.mode === "navigate") event.respondWith(inTime(fetch(request)).catch(() => kept(page)));
  else if (files.includes(address.pathname)) event.respondWith(fetch(request).catch(() => kept(address.pathname)));
});

const inTime = (answer) =>
  Promise.race([answer, new Promise((_, fail) => setTimeout(() => fail(new Error("too long")), PATIENCE))]);

const kept = async (address) => (await caches.match(address, { cacheName: NAME })) || Response.error();

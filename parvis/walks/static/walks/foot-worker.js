// Begun by /diagnostics/sw.js, which says what to keep and under which version. It rules the page on foot
// alone: when that page does not come, or the sign-in or a refusal comes in its place, the one kept opens and
// says so: the same for everybody, asked for without cookies. Every other page is left to the network.
const { version, page, files } = self.parvis;
const OURS = "parvis-diagnostics-";
const NAME = OURS + version;
const ON_FOOT = /^\/diagnostics\/(\d+\/sur-place|avec\/[^/]+|hors-ligne)\/$/;
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
  if (request.mode === "navigate") {
    // With a question, the person asks for the network: they are on their way to sign in.
    if (ON_FOOT.test(address.pathname) && !address.search) event.respondWith(opened(request));
  } else if (files.includes(address.pathname)) event.respondWith(fetch(request).catch(() => kept(address.pathname)));
});

async function opened(request) {
  const answer = await inTime(fetch(request)).catch(() => null);
  return answer?.ok ? answer : kept(page);
}

const inTime = (answer) =>
  Promise.race([answer, new Promise((_, fail) => setTimeout(() => fail(new Error("too long")), PATIENCE))]);

const kept = async (address) => (await caches.match(address, { cacheName: NAME })) || Response.error();

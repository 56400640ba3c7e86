// Begun by /mes-envois/sw.js. It shows what this installation says to this browser, and opens the page
// that was named; it keeps nothing and answers for no page.
self.addEventListener("push", (event) => {
  let said;
  try {
    said = event.data.json();
  } catch {
    return; // not from us
  }
  // The same tag replaces the same notification: what comes twice is seen once.
  const options = { body: said.body, tag: said.tag, data: { url: said.url }, lang: "fr" };
  event.waitUntil(self.registration.showNotification(said.title, options));
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const { url } = event.notification.data;
  const ours = url && new URL(url, self.location.origin).origin === self.location.origin;
  event.waitUntil(self.clients.openWindow(ours ? url : "/"));
});

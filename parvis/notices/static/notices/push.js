// Notifications on this device: asked for by a button, never by the page. The button shows only where
// the browser has them.
const button = document.querySelector("[data-push]");
const word = document.querySelector("[data-push-word]");

const say = (key) => {
  word.textContent = word.dataset[key];
};

const bytes = (coded) =>
  Uint8Array.from(atob(coded.replaceAll("-", "+").replaceAll("_", "/")), (sign) => sign.charCodeAt(0));

async function subscribe() {
  if ((await Notification.requestPermission()) !== "granted") return say("denied");
  const held = await navigator.serviceWorker.register("/mes-envois/sw.js", { scope: "/mes-envois/" });
  await ready(held);
  const device = await held.pushManager.subscribe({
    userVisibleOnly: true,
    applicationServerKey: bytes(button.dataset.push),
  });
  const answer = await fetch(button.dataset.to, {
    method: "POST",
    headers: {
      "Content-Type": "application/json",
      "X-CSRFToken": document.querySelector("input[name=csrfmiddlewaretoken]").value,
    },
    body: JSON.stringify(device),
  });
  if (!answer.ok) return say("failed");
  location.reload();
}

const ready = (held) =>
  held.active ||
  new Promise((done) => {
    const coming = held.installing || held.waiting;
    coming.addEventListener("statechange", () => coming.state === "activated" && done());
  });

if (button && window.isSecureContext && "PushManager" in window && "serviceWorker" in navigator) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    button.disabled = true;
    await subscribe().catch(() => say("failed"));
    button.disabled = false;
  });
} else if (word) {
  say("absent");
}

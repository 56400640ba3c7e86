// The walk on foot. The page is the same for everybody; its address says which walk it opens. What is kept
// on this telephone opens at once, with or without a network, and what waits is sent behind it.
import { discard, exists } from "./foot-draft.js";
import { settled, showForm } from "./foot-form.js";
import { all, get, possible } from "./foot-kept.js";
import { erase, noted, sweep, waits } from "./foot-outbox.js";
import { enumerate, every, fill, one, open, piece, signIn, stopOf, stops, tell } from "./foot-parts.js";
import { showPresence } from "./foot-presence.js";
import { ended, isOver, sync, wipeOver } from "./foot-sending.js";
import { showNoted, showStop } from "./foot-stops.js";
import { countWaiting, showReady, showWaiting } from "./foot-waiting.js";

const EVERY_MINUTE = 60_000;
const WHY = {
  "": "Il est terminé, et rien n’attend plus ici.",
  network: "Il n’y a pas de réseau. Ouvrez cette page une fois avec du réseau : elle marchera ensuite sans.",
  session: "Connectez-vous pour l’ouvrir.",
  closed: "Ce lien ou ce compte ne l’ouvre pas, ou ne l’ouvre plus. Demandez le lien à l’organisateur.",
  server: "Le serveur ne répond pas bien. Réessayez dans un moment.",
};
const view = (name) => one(`[data-view=${name}]`);

function show(name) {
  for (const each of every("[data-view]")) each.hidden = each.dataset.view !== name;
  one("[data-walk]").hidden = name === "list" || name === "absent";
}

// --- Which part of the walk ---------------------------------------------------------------------

let shownBefore = "";

async function route() {
  if (!open.record) return;
  const over = isOver(open.record);
  let part = location.hash.slice(1) || "arrets";
  if (over && part !== "noter") part = "envoi";
  if (part === "noter" && !(await showForm())) part = over ? "envoi" : "arrets";
  if (part === "presences") await showPresence();
  else if (part === "envoi") await showWaiting();
  else if (part !== "noter") {
    const asked = /^arret-(\d+)$/.exec(part);
    if (asked) open.stop = stopOf(Number(asked[1])) ? Number(asked[1]) : open.stop;
    else if (part === "en-chemin") open.stop = null;
    part = "arrets";
    await showStop();
  }
  const name = { presences: "presence", envoi: "waiting", noter: "form" }[part] || "stop";
  show(name);
  one("[data-over]").hidden = !over;
  one(".foot-tabs").hidden = over;
  for (const link of every(".foot-tabs a")) {
    if (link.hash === `#${part === "noter" ? "arrets" : part}`) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  await around();
  const place = `${name} ${name === "stop" ? open.stop : ""}`;
  if (shownBefore && shownBefore !== place) {
    scrollTo({ top: 0 });
    one("h2", view(name)).focus({ preventScroll: true });
  }
  shownBefore = place;
}

// What stands around every part: what waits, what was begun, the session.
async function around() {
  await countWaiting();
  await settled();
  one("[data-unfinished]").hidden = !view("form").hidden || !(await exists());
  one("[data-session]").hidden = ended.get(open.id) !== "session";
}

async function follow() {
  if (!open.record) return;
  if (!view("stop").hidden) await showNoted();
  if (!view("waiting").hidden) await showWaiting();
  await around();
}

// --- The walk that is open ----------------------------------------------------------------------

function present() {
  const { walk } = open.record.data;
  tell(one(".foot-head"), { title: walk.title, when: walk.when, place: walk.place ? ` · ${walk.place}` : "" });
  document.title = `${walk.title} – diagnostic sur place`;
}

function absent(state) {
  one("[data-why]").textContent = WHY[state];
  one("[data-sign-in]", view("absent")).hidden = state !== "session";
  show("absent");
}

let sending = false;
let more = false; // something was noted meanwhile

async function send() {
  more = true;
  if (sending) return;
  sending = true;
  for (const button of every("[data-send]")) button.setAttribute("aria-busy", "true");
  try {
    while (more) {
      more = false;
      await sendAll();
    }
  } finally {
    sending = false;
    for (const button of every("[data-send]")) button.removeAttribute("aria-busy");
  }
}

async function sendAll() {
  for (const record of await all("walks")) {
    if (record.id === open.id) continue;
    const { items, photos } = await noted(record.id);
    if ([...items, ...photos].some(waits)) await sync(record.id, record.page);
  }
  if (!open.id) return wipeOver();
  const state = await sync(open.id, open.page);
  const before = JSON.stringify(open.record?.data);
  const record = await get("walks", open.id);
  await wipeOver();
  if (!record) return absent(state);
  open.record = record;
  if (JSON.stringify(record.data) === before) return follow();
  const first = before === undefined;
  present();
  // A stop may have been taken off the route meanwhile.
  if (first || (open.stop !== null && !stopOf(open.stop))) open.stop = stops()[0]?.id ?? null;
  if (first || view("form").hidden) await route();
  else await around();
}

async function list() {
  const rows = await all("walks");
  const nodes = await Promise.all(
    rows.map(async ({ id, page, data: { walk } }) => {
      const { items, photos } = await noted(id);
      const left = enumerate({ items: items.filter(waits), photos: photos.filter(waits) });
      const node = piece("kept", { title: walk.title, when: walk.when, count: left ? `À envoyer : ${left}` : "Rien n’attend", what: ` : ${walk.title}` });
      one("a", node).href = page;
      const button = one("[data-erase]", node);
      let sure = !left; // what waits is thrown away at the second touch
      button.addEventListener("click", async () => {
        if (!sure) button.textContent = `Effacer quand même : ${left} de perdu`;
        else await erase(id).then(list);
        sure = true;
      });
      return node;
    }),
  );
  fill(one("[data-kept]"), nodes);
  one("[data-none]").hidden = nodes.length > 0;
  show("list");
}

async function arrive() {
  if (location.search) history.replaceState(null, "", location.pathname + location.hash);
  await sweep();
  await wipeOver();
  const found = /^\/diagnostics\/(?:(\d+)\/sur-place|avec\/(\d+)[^/]*)\/$/.exec(location.pathname);
  if (!found) {
    await list();
    await send();
    return list();
  }
  open.id = Number(found[1] || found[2]);
  open.page = location.pathname;
  for (const link of every("[data-sign-in]")) link.href = signIn();
  open.record = await get("walks", open.id);
  if (open.record) {
    const { stop } = open.record;
    open.stop = stopOf(stop) ? stop : (stops()[0]?.id ?? null);
    present();
    await route();
  }
  await send();
  if (open.record) await showReady();
}

addEventListener("hashchange", route);
document.addEventListener("noted", async () => {
  await follow();
  await send();
});
one("[data-discard]").addEventListener("click", async () => {
  await discard();
  await follow();
  one("[data-view]:not([hidden]) h2")?.focus();
});
for (const button of every("[data-send], [data-again]")) button.addEventListener("click", send);

async function again() {
  const { items, photos } = await noted(open.id);
  if (!open.record || [...items, ...photos].some((each) => each.state === "waiting")) await send();
}

if (possible()) {
  one("[data-needs-script]").hidden = true;
  navigator.serviceWorker?.register("/diagnostics/sw.js", { scope: "/diagnostics/" }).catch(() => {});
  navigator.storage?.persist?.().catch(() => {});
  addEventListener("online", send);
  addEventListener("offline", follow);
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && again());
  setInterval(again, EVERY_MINUTE);
  await arrive();
}

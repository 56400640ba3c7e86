// Sending what waits: the walk is asked for first, which tells whether there is a network and a right to
// write; then things in batches, then photos one by one. One sender at a time among all tabs.
import { act, all, change, get, put, result } from "./foot-kept.js";
import { bytesOf, erase, giveBack, noted, settleItems, settlePhoto, takeBatch, waits } from "./foot-outbox.js";

const BATCH = 200; // things in one sending: far below what the server takes
const PATIENCE = { data: 20_000, items: 60_000, photo: 90_000 }; // milliseconds
const LOST = "La photo n’est plus sur ce téléphone.";

// How the last sending of each walk ended: "", "network", "session", "closed" or "server".
export const ended = new Map();

const alone = (work) => (navigator.locks ? navigator.locks.request("parvis-diagnostics", work) : work());

const secret = () => decodeURIComponent(document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1] || "");

async function ask(address, { patience, ...options }) {
  if (!navigator.onLine) return { state: "network" };
  let answer;
  try {
    answer = await fetch(address, { redirect: "manual", cache: "no-store", signal: AbortSignal.timeout(patience), ...options });
  } catch {
    return { state: "network" };
  }
  if (answer.type === "opaqueredirect" || (answer.status === 403 && options.method)) return { state: "session" };
  if ([403, 404, 410].includes(answer.status)) return { state: "closed" };
  const told = await answer.json().catch(() => null);
  if (!told || answer.status >= 500 || answer.status === 429) return { state: answer.ok ? "network" : "server" };
  return { state: "", status: answer.status, told, date: Date.parse(answer.headers.get("Date")) };
}

const post = (address, body, patience, headers = {}) =>
  ask(address, { method: "POST", body, patience, headers: { "X-CSRFToken": secret(), ...headers } });

// The walk as the server tells it now, kept here; `page` is the address that gives it.
export async function refresh(walk, page) {
  const { state, told, date } = await ask(`${page}donnees.json`, { patience: PATIENCE.data });
  if (state || !told.walk) return state || "server";
  const skew = Number.isFinite(date) ? date - Date.now() : 0;
  await act(["walks"], "readwrite", async (box) => {
    const before = await result(box("walks").get(walk));
    box("walks").put({ stop: null, ...before, id: walk, page, data: told, skew });
  });
  return "";
}

// By the server's clock, as far as this telephone knows it.
export const isOver = ({ data, skew }) => data.walk.over || Date.parse(data.walk.until) <= Date.now() + skew;

export const sync = (walk, page) =>
  alone(async () => {
    let state = await refresh(walk, page);
    if (!state) state = await sendItems(walk, page);
    if (!state) state = await sendPhotos(walk, page);
    if (!state) await fetchPictures(walk);
    ended.set(walk, state);
    return state;
  });

async function sendItems(walk, page) {
  let most = BATCH;
  for (;;) {
    const batch = await takeBatch(walk, most);
    if (!batch.length) return "";
    const body = JSON.stringify({ sent_at: new Date().toISOString(), items: batch.map((item) => item.body) });
    const { state, status, told } = await post(`${page}envoi/`, body, PATIENCE.items, { "Content-Type": "application/json" });
    // One that left before, without an answer, may have been received then.
    if (state === "session" || state === "closed") await giveBack(batch.filter((item) => !item.tried).map((item) => item.uid));
    if (state) return state;
    if (status === 200) {
      const { kept = [], refused = {} } = told;
      await settleItems(kept, refused);
      if (!kept.length && !Object.keys(refused).length) return "server";
    } else if (batch.length > 1) most = 1; // which one it is about is found by sending them one by one
    else await settleItems([], { [batch[0].uid]: told.error || "Le serveur n’a pas compris." });
  }
}

async function sendPhotos(walk, page) {
  const { items, photos } = await noted(walk);
  const received = new Set(items.filter((item) => item.state === "received").map((item) => item.uid));
  for (const photo of photos) {
    if (photo.state !== "waiting" || !received.has(photo.of)) continue;
    const bytes = await bytesOf(photo.uid);
    if (!bytes) {
      await settlePhoto(photo.uid, LOST);
      continue;
    }
    const form = new FormData();
    for (const name of ["uid", "of", "noted_at"]) form.set(name, photo[name]);
    form.set("sent_at", new Date().toISOString());
    form.set("people", photo.people ? "1" : "");
    form.set("file", new File([bytes], photo.name, { type: photo.type }));
    const { state, status, told } = await post(`${page}photo/`, form, PATIENCE.photo);
    if (state) return state;
    if (status === 200) await settlePhoto(photo.uid);
    else if (status !== 409) await settlePhoto(photo.uid, told.refused?.[photo.uid] || told.error || "Le serveur ne l’a pas prise.");
  }
  return "";
}

// Pictures of what is looked at again, taken along once; what waits goes first.
async function fetchPictures(walk) {
  const { data } = await get("walks", walk);
  for (const { photo } of data.stops.flatMap((stop) => stop.checks)) {
    if (!photo || (await bytesOf(photo))) continue;
    try {
      const answer = await fetch(photo, { signal: AbortSignal.timeout(PATIENCE.data) });
      if (!answer.ok) continue;
      await put("bytes", { uid: photo, bytes: await answer.arrayBuffer() });
      document.dispatchEvent(new Event("pictured"));
    } catch {
      return;
    }
  }
}

// A walk that is over and of which nothing waits leaves this telephone.
export async function wipeOver() {
  for (const record of await all("walks")) {
    if (!isOver(record) || (await get("drafts", record.id))) continue;
    const { items, photos } = await noted(record.id);
    if (![...items, ...photos].some(waits)) await erase(record.id);
  }
}

export const remember = (walk, stop) => change("walks", walk, () => ({ stop }));

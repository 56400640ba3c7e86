// What was noted on this telephone. Each thing bears its number from the start: however often it leaves,
// the server counts it once. It may be corrected until it was handed to the network (`tried`).
import { act, all, change, get, result } from "./foot-kept.js";

const DAY = 86_400_000; // milliseconds

export async function noted(walk) {
  const [items, photos] = [await all("items"), await all("photos")];
  const ours = (one) => one.walk === walk;
  return { items: items.filter(ours).sort((one, other) => one.at - other.at), photos: photos.filter(ours) };
}

export const waits = (one) => one.state !== "received";
export const correctable = (item) => item.state === "refused" || (item.state === "waiting" && !item.tried);

// Keep what a form says, its photos, and no longer its draft: all of it or nothing. What another tab kept
// meanwhile out of the same draft stays as it is: this is one more thing, unless it says the same.
export const keep = (walk, body, photos, title) =>
  act(["items", "photos", "bytes", "drafts"], "readwrite", async (box) => {
    const before = await photosOf(box, body.uid);
    const known = await result(box("items").get(body.uid));
    const draft = await result(box("drafts").get(walk));
    if (draft?.body.uid === body.uid) box("drafts").delete(walk);
    const next = { ...body, pictures: photos.length };
    const fresh = known && !known.held;
    if (fresh) {
      photos = photos.filter((photo) => !before.some(({ uid }) => uid === photo.uid));
      if (!photos.length && same(next, known.body)) return;
      Object.assign(next, { uid: crypto.randomUUID(), pictures: photos.length });
    } else {
      const staying = new Set(photos.map((photo) => photo.uid));
      for (const { uid } of before.filter((photo) => !staying.has(photo.uid))) {
        box("photos").delete(uid);
        box("bytes").delete(uid);
      }
    }
    for (const photo of photos) box("photos").put({ ...photo, walk, of: next.uid, state: "waiting" });
    box("items").put({ uid: next.uid, walk, at: Date.now(), title, state: "waiting", body: next });
  });

const same = (one, other) => Object.keys(one).every((name) => one[name] === other[name]);

// Who was there, noted again before it left, takes the place of what was noted first.
export const keepPresence = (walk, body, target, title) =>
  act(["items"], "readwrite", async (box) => {
    const before = (await result(box("items").getAll())).find(
      (item) => item.walk === walk && item.target === target && item.state === "waiting" && !item.tried,
    );
    const uid = before?.uid || crypto.randomUUID();
    box("items").put({ uid, walk, at: Date.now(), target, title, state: "waiting", body: { ...body, uid } });
  });

const photosOf = async (box, uid) => (await result(box("photos").getAll())).filter((photo) => photo.of === uid);

// Take a thing out of what leaves, into a draft, to correct it; false when it is gone already.
export const hold = (uid) =>
  act(["items", "photos", "drafts"], "readwrite", async (box) => {
    const item = await result(box("items").get(uid));
    if (!item || !correctable(item) || (await result(box("drafts").get(item.walk)))) return false;
    const photos = await photosOf(box, uid);
    box("items").put({ ...item, held: true });
    box("drafts").put({ walk: item.walk, body: item.body, photos, title: item.title, again: true });
    return true;
  });

export const release = (uid) => change("items", uid, () => ({ held: false }));

// Take back what has not left; false when it has.
export const drop = (uid) =>
  act(["items", "photos", "bytes"], "readwrite", async (box) => {
    const item = await result(box("items").get(uid));
    if (!item || !correctable(item)) return false;
    box("items").delete(uid);
    for (const photo of await photosOf(box, uid)) {
      box("photos").delete(photo.uid);
      box("bytes").delete(photo.uid);
    }
    return true;
  });

export const dropPhoto = (uid) =>
  act(["photos", "bytes"], "readwrite", (box) => {
    box("photos").delete(uid);
    box("bytes").delete(uid);
  });

// The next things to hand to the network; from here on they are what they are.
export const takeBatch = (walk, most) =>
  act(["items"], "readwrite", async (box) => {
    const ready = (await result(box("items").getAll()))
      .filter((item) => item.walk === walk && item.state === "waiting" && !item.held)
      .sort((one, other) => one.at - other.at)
      .slice(0, most);
    for (const item of ready) box("items").put({ ...item, tried: true });
    return ready;
  });

// The server said that it took none of these: they may be corrected again.
export const giveBack = (uids) =>
  act(["items"], "readwrite", async (box) => {
    for (const uid of uids) {
      const item = await result(box("items").get(uid));
      if (item?.state === "waiting") box("items").put({ ...item, tried: false });
    }
  });

export const settleItems = (kept, refused) =>
  act(["items"], "readwrite", async (box) => {
    for (const [uid, why] of [...kept.map((one) => [one, ""]), ...Object.entries(refused)]) {
      const item = await result(box("items").get(uid));
      if (item) box("items").put({ ...item, state: why ? "refused" : "received", tried: !why, why, settled: Date.now() });
    }
  });

// A photo that was received leaves its bytes behind; a refused one keeps them.
export const settlePhoto = (uid, why = "") =>
  act(["photos", "bytes"], "readwrite", async (box) => {
    const photo = await result(box("photos").get(uid));
    if (photo) box("photos").put({ ...photo, state: why ? "refused" : "received", why, settled: Date.now() });
    if (!why) box("bytes").delete(uid);
  });

export const bytesOf = async (uid) => (await get("bytes", uid))?.bytes;

// Pictures of what a walk looks at again, named by their address.
const carried = ({ data }) => data.stops.flatMap((stop) => stop.checks.map((check) => check.photo));

// What was received yesterday is no longer shown; bytes that belong to nothing go.
export const sweep = () =>
  act(["walks", "items", "photos", "bytes", "drafts"], "readwrite", async (box) => {
    const today = new Date().toDateString();
    const old = (one) => one.state === "received" && (new Date(one.settled).toDateString() !== today || Date.now() - one.settled > DAY);
    const photos = await result(box("photos").getAll());
    const staying = new Set(photos.filter((one) => !old(one)).map((one) => one.uid));
    const owners = new Set(photos.filter((one) => !old(one)).map((one) => one.of));
    for (const one of photos.filter(old)) box("photos").delete(one.uid);
    for (const one of await result(box("items").getAll())) if (old(one) && !owners.has(one.uid)) box("items").delete(one.uid);
    for (const walk of await result(box("walks").getAll())) for (const one of carried(walk)) staying.add(one);
    for (const draft of await result(box("drafts").getAll())) for (const one of draft.photos) staying.add(one.uid);
    for (const uid of await result(box("bytes").getAllKeys())) if (!staying.has(uid)) box("bytes").delete(uid);
  });

// Nothing of a walk stays on this telephone.
export const erase = (walk) =>
  act(["walks", "items", "photos", "bytes", "drafts"], "readwrite", async (box) => {
    const record = await result(box("walks").get(walk));
    for (const one of record ? carried(record) : []) if (one) box("bytes").delete(one);
    box("walks").delete(walk);
    const draft = await result(box("drafts").get(walk));
    for (const one of draft?.photos || []) box("bytes").delete(one.uid);
    box("drafts").delete(walk);
    for (const one of await result(box("items").getAll())) if (one.walk === walk) box("items").delete(one.uid);
    for (const one of await result(box("photos").getAll())) {
      if (one.walk !== walk) continue;
      box("photos").delete(one.uid);
      box("bytes").delete(one.uid);
    }
  });

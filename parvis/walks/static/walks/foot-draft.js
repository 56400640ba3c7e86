// The finding or check half written: kept at each stroke, one for each walk, so that a closed tab or a
// dead battery takes nothing away.
import { act, get, result } from "./foot-kept.js";
import { release, sweep } from "./foot-outbox.js";
import { open } from "./foot-parts.js";

export const draft = () => get("drafts", open.id);

// Another tab may have kept this one and begun the next, which is not written over.
export const write = (next) =>
  act(["drafts"], "readwrite", async (box) => {
    const there = await result(box("drafts").get(next.walk));
    if (!there || there.body.uid === next.body.uid) box("drafts").put(next);
  });

// Photos go in with their bytes, which are not written again at each stroke.
export const addPhotos = (next, bytes) =>
  act(["drafts", "bytes"], "readwrite", async (box) => {
    const there = await result(box("drafts").get(next.walk));
    for (const [uid, held] of bytes) box("bytes").put({ uid, bytes: held });
    if (!there || there.body.uid === next.body.uid) box("drafts").put(next);
  });

export const begin = (body, title, photos = []) => write({ walk: open.id, body, photos, title, again: false });

// Throw it away; what was being corrected leaves as it was.
export async function discard() {
  const held = await draft();
  if (!held) return;
  await act(["drafts"], "readwrite", (box) => void box("drafts").delete(open.id));
  if (held.again) await release(held.body.uid);
  await sweep();
}

// A form that was opened and left as it was has nothing to keep.
const says = ({ again, body, photos }) => again || photos.length || body.note || body.result || body.severity || typeof body.strength === "boolean";

export const exists = async () => {
  const held = await draft();
  return Boolean(held && says(held));
};

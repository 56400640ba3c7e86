// What waits on this telephone, why, and what to do about it.
import { dropPhoto, erase, noted, waits } from "./foot-outbox.js";
import { changed, enumerate, fill, one, open, piece, tell } from "./foot-parts.js";
import { ended, isOver } from "./foot-sending.js";
import { notedNode } from "./foot-stops.js";

const view = one("[data-view=waiting]");
const WHY = {
  "": "L’envoi va se faire tout seul.",
  network: "Pas de réseau. Tout est gardé sur ce téléphone et part dès que le réseau revient, tant que cette page est ouverte.",
  session: "Votre session est terminée. Tout est gardé sur ce téléphone : connectez-vous de nouveau, l’envoi reprend tout seul.",
  closed: "Ce lien ou ce compte n’ouvre plus ce diagnostic. Tout est gardé sur ce téléphone : demandez le lien à l’organisateur, ou connectez-vous.",
  server: "Le serveur ne répond pas bien. Tout est gardé sur ce téléphone, et l’envoi recommence chaque minute.",
};

export async function countWaiting() {
  const { items, photos } = await noted(open.id);
  const number = [...items, ...photos].filter(waits).length;
  tell(document, { waiting: number ? `Envoi (${number})` : "Envoi" });
  return number;
}

export async function showWaiting() {
  const { items, photos } = await noted(open.id);
  const left = { items: items.filter((item) => item.state === "waiting"), photos: photos.filter((photo) => photo.state === "waiting") };
  const many = enumerate(left);
  tell(view, {
    state_head: many ? `À envoyer : ${many}.` : "Rien n’attend.",
    state_text: many ? WHY[ended.get(open.id) ?? (navigator.onLine ? "" : "network")] : calm(items),
  });
  one("[data-send]", view).disabled = !many;
  const refused = items.filter((item) => item.state === "refused").map((item) => notedNode(item, photos));
  const spoilt = photos.filter((photo) => photo.state === "refused").map((photo) => photoNode(photo, items));
  fill(one("[data-refused]", view), [...refused, ...spoilt]);
  fill(one("[data-all]", view), items.filter((item) => item.state !== "refused").reverse().map((item) => notedNode(item, photos)));
}

function calm(items) {
  if (items.some((item) => item.state === "refused")) return "Ce qui est refusé reste ici jusqu’à votre décision.";
  if (isOver(open.record)) return "Tout est envoyé : plus rien de ce diagnostic n’est gardé sur ce téléphone.";
  return items.length ? "Tout ce qui a été noté ici est reçu." : "Ce que vous notez part tout seul dès qu’il y a du réseau.";
}

function photoNode(photo, items) {
  const about = items.find((item) => item.uid === photo.of)?.title || "constat";
  const node = piece("noted", { title: `Photo · ${about}`, note: "", state: `Refusée : ${photo.why}`, what: " : photo" });
  one("[data-correct]", node).hidden = true;
  one("[data-drop]", node).addEventListener("click", async () => {
    await dropPhoto(photo.uid);
    changed();
  });
  return node;
}

// Whether the page opens and works here without a network.
export async function showReady() {
  const worker = await Promise.race([navigator.serviceWorker?.ready, new Promise((done) => setTimeout(done, 10_000))]);
  tell(view, { ready: worker ? "Ce téléphone est prêt : la page s’ouvre et marche sans réseau." : "Ce téléphone ne sait pas ouvrir la page sans réseau : gardez-la ouverte." });
}

one("[data-erase]", view).addEventListener("click", async () => {
  const { items, photos } = await noted(open.id);
  const lost = enumerate({ items: items.filter(waits), photos: photos.filter(waits) });
  if (!lost) return leave();
  const note = one("[data-sure]", view);
  tell(note, { lost: `Serait perdu : ${lost}.` });
  note.hidden = false;
  note.focus();
});
one("[data-keep-all]", view).addEventListener("click", () => {
  one("[data-sure]", view).hidden = true;
  one("[data-erase]", view).focus();
});
one("[data-erase-all]", view).addEventListener("click", leave);

async function leave() {
  await erase(open.id);
  location.assign("/diagnostics/hors-ligne/");
}

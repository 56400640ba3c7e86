// What this device keeps of one's reports, at the top of the filing pages: one begun, those that wait
// for the network, those that were refused, and the receipts of those that left meanwhile.

import { said } from "../ui/said.js";
import "./offline.js";
import { drop, list, sendAll } from "./outbox.js";
import { begunHere, forget, keep, read } from "./unfinished.js";

const AGAIN = 60_000; // milliseconds between two tries
const WHY = {
  network: said("Le réseau ne répond pas encore."),
  server: said("Le service ne répond pas pour l’instant."),
  many: said("Beaucoup de signalements viennent d’arriver de votre connexion : le vôtre partira plus tard."),
};
const place = document.querySelector("[data-kept]");
const here = location.pathname + location.search;

const draw = (name) => document.querySelector(`template[data-kept-${name}]`).content.firstElementChild.cloneNode(true);

function write(note, words) {
  for (const [name, said] of Object.entries(words)) note.querySelector(`[data-${name}]`).textContent = said;
  return note;
}

function on(note, name, act) {
  note.querySelector(`[data-${name}]`).addEventListener("click", act);
  return note;
}

async function give(number) {
  if (!confirm(said("Abandonner ce signalement ? Il sera effacé de cet appareil sans être envoyé."))) return;
  await drop(number);
  show();
}

function waiting(items, why) {
  const note = draw("waiting");
  const several = items.length > 1;
  write(note, { count: several ? said("Signalements qui attendent le réseau : {n}", { n: items.length }) : said("1 signalement attend le réseau"), why: WHY[why] || "" });
  for (const item of items) {
    const line = draw("line");
    note.querySelector("ul").append(on(write(line, { title: item.title }), "drop", () => give(item.sent_as)));
  }
  return on(note, "now", async (event) => {
    event.currentTarget.setAttribute("aria-busy", "true");
    await leave();
  });
}

function refused(item) {
  const note = write(draw("refused"), { title: item.title, reasons: Object.values(item.refused).flat().join(" ") });
  note.querySelector("[data-correct]").href = `/signaler/hors-ligne/#${item.sent_as}`;
  return on(note, "drop", () => give(item.sent_as));
}

function receipt(item) {
  const { reference, code, url } = item.receipt;
  const note = write(draw("receipt"), { title: item.title, reference, code });
  note.querySelector("[data-follow]").href = url;
  return on(note, "noted", async () => {
    await drop(item.sent_as);
    show();
  });
}

function unfinished() {
  const begun = read();
  const worth = begun && (begun.photos || Object.keys(begun.values).length);
  if (!begun || (begunHere(begun.page) && (begun.page === here || !worth)) || location.hash === "#reprendre") return [];
  const note = write(draw("unfinished"), { title: begun.title });
  note.querySelector("[data-resume]").href = `${begun.page}#reprendre`;
  on(note, "resume", () => note.remove());
  return [on(note, "forget", () => forget().then(() => show()))];
}

export async function show(why) {
  const items = await list().catch(() => []);
  const wait = items.filter((one) => !one.receipt && !one.refused);
  place.replaceChildren(
    ...items.filter((one) => one.receipt).map(receipt),
    ...items.filter((one) => one.refused && location.hash !== `#${one.sent_as}`).map(refused),
    ...(wait.length ? [waiting(wait, why)] : []),
    ...unfinished(),
  );
  return wait.length;
}

async function leave() {
  const tried = await sendAll().catch(() => null);
  await show(tried?.why);
}

document.addEventListener("kept", (event) => show(event.detail.why));
addEventListener("online", leave);
setInterval(async () => {
  if (!document.hidden && place.querySelector("[data-now]")) await leave();
}, AGAIN);
if (await show()) await leave();

// Step 2 keeps the place, unless something more was begun.
const step = document.querySelector("[data-step]");
if (step) {
  const begun = read();
  if (!begun?.photos && !Object.keys(begun?.values || {}).length) keep(here, step.dataset.step, {}, 0);
}

// The whole report on one page, kept with all it needs: what opens when there is no network, and where
// a report that was refused is corrected.

import { said } from "../ui/said.js";
import { gather } from "./gathering.js";
import { complain, leave, newNumber, possible } from "./leaving.js";
import { find } from "./outbox.js";
import { choose, lighten, unpacked } from "./photos.js";
import { photos, read, restore } from "./unfinished.js";

const form = document.querySelector("[data-unconnected]");
const { category, label, latitude, longitude, quartier, residence } = form.elements;
const input = form.querySelector("input[type=file]");
const status = form.querySelector("[data-status]");
let number = possible() && newNumber();
let working = Promise.resolve();
let more = []; // entrance and spot inside, chosen before the network went

function remembered() {
  try {
    return JSON.parse(localStorage.getItem("parvis:residences")) || [];
  } catch {
    return [];
  }
}

for (const { pk, name } of remembered()) residence.add(new Option(name, pk));

// Questions and emergency numbers of the chosen subject.
function follow() {
  for (const one of form.querySelectorAll("[data-questions]")) one.hidden = one.disabled = one.dataset.questions !== category.value;
  const wreck = form.querySelector("[data-of-wreck]");
  wreck.hidden = wreck.disabled = !("wreck" in (category.selectedOptions[0]?.dataset || {}));
  const stop = category.selectedOptions[0]?.dataset.stop;
  for (const one of form.querySelectorAll("[data-stop-of]")) one.hidden = one.dataset.stopOf !== stop;
  form.querySelector("[data-where-residence]").hidden = residence.options.length < 2;
  const dwelling = form.elements.dwelling;
  dwelling.disabled = dwelling.closest(".entry").hidden = !residence.value;
}

function fill(pairs) {
  for (const [name, value] of pairs) {
    if (name === "spot" || name === "inside") more.push([name, value]);
    const field = form.elements[name];
    if (!field || !value) continue;
    if (field === residence && ![...residence.options].some((one) => one.value === value)) residence.add(new Option(said("La résidence choisie"), value));
    if (name.startsWith("q_")) answers(name, value);
    else field.value = value;
  }
  if (latitude.value) status.textContent = said("Le point choisi est gardé.");
  follow();
}

function answers(name, value) {
  follow();
  for (const one of form.querySelectorAll(`[name="${CSS.escape(name)}"]:enabled`)) {
    if (one.type === "radio") one.checked = one.value === value;
    else one.value = value;
  }
}

form.querySelector("[data-here]").addEventListener("click", ({ currentTarget: button }) => {
  button.setAttribute("aria-busy", "true");
  status.textContent = said("Nous cherchons où vous êtes…");
  const end = (words) => {
    button.removeAttribute("aria-busy");
    status.textContent = words;
  };
  navigator.geolocation.getCurrentPosition(
    ({ coords }) => {
      latitude.value = coords.latitude.toFixed(6);
      longitude.value = coords.longitude.toFixed(6);
      end(said("Position reçue, à {near} mètres près.", { near: Math.max(5, Math.round(coords.accuracy / 5) * 5) }));
    },
    () => end(said("La position n’est pas arrivée. Choisissez le quartier et décrivez l’endroit.")),
    { enableHighAccuracy: true, timeout: 30_000, maximumAge: 60_000 },
  );
});
form.addEventListener("change", follow);
const show = gather(input, () => {
  working = lighten(input);
  return working;
});
form.addEventListener("submit", async (event) => {
  event.preventDefault();
  await working;
  const title = category.selectedOptions[0].value ? category.selectedOptions[0].textContent : said("Signalement");
  if ((await leave(form, number, title, residence.value ? more : [])) === "sent") number = newNumber();
});

async function correct(item) {
  number = item.sent_as;
  fill(item.fields);
  choose(input, unpacked(item.photos));
  show();
  complain(form, item.refused);
}

async function arrive() {
  const waiting = await find(location.hash.slice(1)).catch(() => null);
  if (waiting?.refused) return correct(waiting);
  fill(new URLSearchParams(location.search));
  const begun = read();
  if (begun?.page === location.pathname + location.search) {
    restore(form, begun.values);
    if (begun.photos) choose(input, await photos());
    show();
  }
}

if (number) {
  form.hidden = false;
  document.querySelector("[data-needs-script]").hidden = true;
  follow();
  await arrive();
  addEventListener("hashchange", () => location.reload());
}

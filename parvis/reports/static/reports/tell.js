// Step 3: what is begun stays in this browser; photos are made lighter; the work of the proof is done
// while the person types, so that sending never waits for it.
import { gather } from "./gathering.js";
import { leave, newNumber, possible } from "./leaving.js";
import { drop } from "./outbox.js";
import { choose, lighten } from "./photos.js";
import { begin } from "./proof.js";
import { begunHere, keep, keepPhotos, photos, read, restore, values } from "./unfinished.js";

const form = document.querySelector("[data-tell]");
const { tell: page, title } = form.dataset;
const input = form.querySelector("input[type=file]");
const button = form.querySelector("[data-send]");
const bySelf = "bySelf" in form.dataset && possible(); // partners who are signed in send as they always did
let number = bySelf && newNumber();
let working = Promise.resolve();

const save = () => keep(page, title, values(form), input.files.length);

async function resume() {
  const begun = read();
  if (begun?.page !== page || !(begunHere(page) || location.hash === "#reprendre")) return;
  restore(form, begun.values);
  if (begun.photos && !input.files.length) {
    choose(input, await photos());
    show();
  }
}

form.addEventListener("input", save);
const show = gather(input, () => {
  working = lighten(input).then(() => keepPhotos(input.files)).then(save);
  return working;
});
addEventListener("hashchange", resume);

let ready = false;
form.addEventListener("submit", async (event) => {
  if (ready) {
    if (button.hasAttribute("aria-busy")) event.preventDefault();
    button.setAttribute("aria-busy", "true");
    return;
  }
  event.preventDefault();
  await working.catch(() => {});
  if (bySelf) {
    const place = [...new URLSearchParams(form.dataset.place)];
    const state = await leave(form, number, title, place);
    if (state === "sent") number = newNumber();
    if (state === "refused") await drop(number); // this page keeps it
    return;
  }
  // A form does not submit again while its submit event is still being handled: wait a turn.
  setTimeout(() => {
    ready = true;
    form.requestSubmit(button);
  });
});
addEventListener("pageshow", () => {
  ready = false;
  button.removeAttribute("aria-busy");
});

if (bySelf) begin();
working = resume();

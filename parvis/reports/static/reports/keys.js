// Keyboard shortcuts of partners: never while typing, and off for whoever turns them off.

const OFF = "parvis.keys"; // shell.js reads it too, for "/"
const help = document.querySelector("dialog[data-keys]");
const box = help.querySelector("[data-keys-on]");
const rows = () => [...document.querySelectorAll("main .list > li")].filter((row) => row.querySelector("a"));
const here = () => document.activeElement?.closest("main .list > li");

function stored() {
  try {
    return localStorage.getItem(OFF) === "off";
  } catch {
    return false; // storage refused: shortcuts stay on
  }
}

function keep(on) {
  try {
    if (on) localStorage.removeItem(OFF);
    else localStorage.setItem(OFF, "off");
  } catch {
    // for this page only
  }
}

let off = stored();
let after = ""; // "g", waiting for the letter that says where

function move(step) {
  const all = rows();
  if (!all.length) return;
  const next = all.indexOf(here()) + step;
  all[Math.max(0, Math.min(all.length - 1, next))].querySelector("a").focus();
}

function tick(row) {
  const one = row?.querySelector("input[name=r]");
  one?.click();
  return one;
}

// On a list, takes the rows that are ticked, else the one that is read; elsewhere, the part.
function take() {
  const form = document.querySelector("[data-batch]");
  if (!form) return press("e");
  const ticked = document.querySelector("input[name=r]:checked");
  const may = form.querySelector("option[value=take]");
  if (!may || (!ticked && !tick(here()))) return undefined;
  may.parentElement.value = "take";
  return form.requestSubmit();
}

function press(key) {
  document.querySelector(`main [data-key=${key}]`)?.click();
}

const KEYS = {
  "?": () => help.showModal(),
  j: () => move(1),
  k: () => move(-1),
  x: () => tick(here()),
  o: () => here()?.querySelector("a").click(),
  e: take,
  u: () => press("u"),
  g: () => {
    after = "g";
    setTimeout(() => { after = ""; }, 1500);
  },
};
const GO = { l: help.dataset.list, t: help.dataset.home };

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest?.("input:not([type=checkbox]), textarea, select, [contenteditable]");
  if (off || typing || help.open || event.ctrlKey || event.metaKey || event.altKey) return;
  const where = after && GO[event.key];
  after = "";
  const act = where ? () => location.assign(where) : KEYS[event.key];
  if (!act) return;
  event.preventDefault();
  act();
});

box.checked = !off;
box.addEventListener("change", () => {
  off = !box.checked;
  keep(box.checked);
});
for (const button of document.querySelectorAll("[data-keys-open]")) {
  button.hidden = false;
  button.addEventListener("click", () => help.showModal());
}

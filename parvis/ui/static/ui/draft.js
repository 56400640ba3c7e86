// Nothing typed is lost: forms with data-draft="name" keep their words in this browser for a week.
// A page with data-draft-clear="name" (the one that says it was sent) forgets them.

import { said } from "./said.js";

const WEEK = 7 * 24 * 3600 * 1000;
const key = (name) => `parvis-draft-${name}`;

function read(name) {
  try {
    const kept = JSON.parse(localStorage.getItem(key(name)));
    if (kept && Date.now() - kept.at < WEEK) return kept.values;
    localStorage.removeItem(key(name));
  } catch {
    // No storage in this browser, or another's words: start afresh.
  }
  return null;
}

function write(name, values) {
  try {
    if (Object.keys(values).length) localStorage.setItem(key(name), JSON.stringify({ at: Date.now(), values }));
    else localStorage.removeItem(key(name));
  } catch {
    // Storage full or refused: the form still works.
  }
}

const kept = (field) =>
  field.name && !["hidden", "password", "file", "submit", "button"].includes(field.type) && !("noDraft" in field.dataset);

function values(form) {
  const found = {};
  for (const field of form.elements) {
    if (!kept(field)) continue;
    if (["radio", "checkbox"].includes(field.type)) {
      if (field.checked) (found[field.name] ??= []).push(field.value);
    } else if (field.value !== field.dataset.first && field.value) found[field.name] = field.value;
  }
  return found;
}

function restore(form, saved) {
  let restored = false;
  for (const field of form.elements) {
    if (!kept(field) || !(field.name in saved)) continue;
    const value = saved[field.name];
    if (["radio", "checkbox"].includes(field.type)) {
      const already = [...form.querySelectorAll(`[name="${CSS.escape(field.name)}"]`)].some((one) => one.defaultChecked);
      if (already || !Array.isArray(value) || !value.includes(field.value)) continue;
      field.checked = true;
      restored = true;
    } else if (!field.value || (field.tagName === "SELECT" && field.value === field.dataset.first)) {
      if (Array.isArray(value)) continue;
      field.value = value;
      restored = true;
    }
  }
  return restored;
}

function tell(form, name) {
  const line = document.createElement("p");
  line.className = "note";
  line.setAttribute("role", "status");
  const words = document.createElement("span");
  words.textContent = `${said("Nous avons retrouvé ce que vous aviez commencé à écrire.")} `;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "link";
  button.textContent = said("Recommencer à zéro");
  button.addEventListener("click", () => {
    write(name, {});
    form.reset();
    line.remove();
    form.querySelector("input:not([type=hidden]), textarea, select")?.focus();
  });
  line.append(words, button);
  form.prepend(line);
}

for (const done of document.querySelectorAll("[data-draft-clear]")) {
  for (const name of done.dataset.draftClear.split(" ")) write(name, {});
}

for (const form of document.querySelectorAll("form[data-draft]")) {
  const name = form.dataset.draft;
  for (const field of form.elements) if (field.tagName === "SELECT") field.dataset.first = field.value;
  const saved = read(name);
  if (saved && restore(form, saved)) tell(form, name);
  let waiting;
  let touched = false;
  // Several pages may share one draft: what the other pages keep stays.
  const save = () => {
    const others = Object.entries(read(name) || {}).filter(([field]) => !form.elements[field]);
    write(name, { ...Object.fromEntries(others), ...values(form) });
  };
  form.addEventListener("input", () => {
    touched = true;
    clearTimeout(waiting);
    waiting = setTimeout(save, 300);
  });
  form.addEventListener("change", save);
  document.addEventListener("visibilitychange", () => {
    if (touched && document.visibilityState === "hidden") save();
  });
}

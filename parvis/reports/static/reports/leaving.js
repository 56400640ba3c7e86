// A form that leaves by itself: stored first, then sent; it waits here if the network does not answer.
import { drop, pack, send, store } from "./outbox.js";
import { forget } from "./unfinished.js";

// A number and a store need a page that came by https; elsewhere the form goes as it always did.
export const possible = () => window.isSecureContext && "indexedDB" in window;

export const newNumber = () => crypto.randomUUID();

// Send this form under its number; gives "sent" (the person is led to their own page), "refused" (it is
// said why, and stays in the outbox to be corrected) or "waiting".
export async function leave(form, number, title, more) {
  const button = form.querySelector("[data-send]");
  if (button.hasAttribute("aria-busy")) return "busy";
  button.setAttribute("aria-busy", "true");
  const item = await pack(form, number, title, more);
  await store(item).catch(() => {}); // private browsing: sent from memory
  const { state, receipt, errors, why } = await send(item);
  button.removeAttribute("aria-busy");
  if (state === "refused") {
    complain(form, errors);
    return state;
  }
  await forget();
  if (state === "sent") {
    await drop(number).catch(() => {});
    location.assign(receipt.url);
    return state;
  }
  form.hidden = true;
  document.dispatchEvent(new CustomEvent("kept", { detail: { why } }));
  scrollTo({ top: 0 });
  return state;
}

// What the server would not take, at the top of the form and beside each field it speaks of.
export function complain(form, errors) {
  for (const old of form.querySelectorAll("[data-faults]")) old.remove();
  for (const old of form.querySelectorAll("[aria-invalid]")) old.removeAttribute("aria-invalid");
  const note = document.querySelector("template[data-faults]").content.firstElementChild.cloneNode(true);
  const points = note.querySelector("ul");
  for (const [name, words] of Object.entries(errors)) {
    const field = [form.elements[name]].flat()[0];
    const label = field?.labels?.[0]?.firstChild.textContent.trim();
    field?.setAttribute("aria-invalid", "true");
    for (const said of words) {
      const point = document.createElement("li");
      if (label && field.id) {
        const link = document.createElement("a");
        link.href = `#${field.id}`;
        link.textContent = label;
        point.append(link, " : ");
      }
      point.append(said);
      points.append(point);
    }
  }
  form.prepend(note);
  note.focus();
}

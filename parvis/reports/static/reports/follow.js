// The follow page: once a report is sent, what was begun in this browser is forgotten; the link is copied.
import { said } from "../ui/said.js";
import { forget } from "./unfinished.js";

if (document.querySelector("[data-sent]")) forget();

for (const button of document.querySelectorAll("[data-copy]")) {
  if (!navigator.clipboard) continue;
  button.hidden = false;
  button.addEventListener("click", async () => {
    const link = document.getElementById(button.dataset.copy);
    const label = button.querySelector("span");
    try {
      await navigator.clipboard.writeText(link.value);
      label.textContent = said("Lien copié");
    } catch {
      link.select();
      label.textContent = said("Copiez le lien choisi");
    }
  });
}

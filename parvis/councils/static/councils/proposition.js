// A proposition leaves with a proof of work when the browser can make one; without it, it leaves too.
import { begin, proof } from "../reports/proof.js";

const form = document.querySelector("form[data-proposition]");
form?.addEventListener("input", begin, { once: true });
form?.addEventListener("submit", async (event) => {
  const field = form.elements.namedItem("proof");
  if (field.value || form.dataset.sending) return;
  event.preventDefault();
  form.dataset.sending = "yes";
  field.value = await proof();
  form.submit();
});

// A template chosen fills the text in place; what was already written is never lost.

for (const form of document.querySelectorAll("[data-wordings]")) {
  const text = document.getElementById(form.dataset.wordings);
  const told = form.querySelector("[data-told]");
  if (!text) continue;
  const select = form.querySelector("select");
  let put = select.selectedOptions[0]?.dataset.text ?? "";
  form.addEventListener("submit", (event) => {
    const words = select.selectedOptions[0]?.dataset.text;
    event.preventDefault();
    if (!words) return;
    const own = text.value.trim() && text.value !== put;
    text.value = own ? `${text.value.trimEnd()}\n\n${words}` : words;
    put = text.value;
    told.textContent = own ? "Ajoutée à la suite de votre texte." : "Relisez-la avant de l’envoyer.";
    text.focus();
  });
}

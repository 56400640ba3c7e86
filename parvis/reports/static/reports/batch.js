// Rows of a list chosen for one action: how many, all of them at once, none forgotten.

const form = document.querySelector("[data-batch]");
const boxes = [...document.querySelectorAll(`input[form="${form?.id}"][name=r]`)];
const told = form?.querySelector("[data-count]");
const all = form?.querySelector("[data-all]");

const chosen = () => boxes.filter((box) => box.checked).length;

function count() {
  const number = chosen();
  told.textContent = number ? `${number} ${number > 1 ? "cochés" : "coché"}` : "";
  all.textContent = number === boxes.length && number ? "Tout décocher" : "Tout cocher";
}

if (form) {
  all.addEventListener("click", (event) => {
    event.preventDefault();
    const check = chosen() < boxes.length;
    for (const box of boxes) box.checked = check;
    count();
  });
  for (const box of boxes) box.addEventListener("change", count);
  form.addEventListener("submit", (event) => {
    if (chosen()) return;
    event.preventDefault();
    told.textContent = "Cochez d’abord des signalements.";
  });
  addEventListener("pageshow", count);
}

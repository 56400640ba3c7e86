// The follow page: once a report is sent, what was kept in this browser is cleared; the link is copied.
if (document.querySelector("[data-sent]")) {
  try {
    for (const key of Object.keys(window.localStorage)) {
      if (key.startsWith("parvis:tell:")) window.localStorage.removeItem(key);
    }
  } catch {
    // private browsing: nothing was kept
  }
}

for (const button of document.querySelectorAll("[data-copy]")) {
  if (!navigator.clipboard) continue;
  button.hidden = false;
  button.addEventListener("click", async () => {
    const link = document.getElementById(button.dataset.copy);
    const label = button.querySelector("span");
    try {
      await navigator.clipboard.writeText(link.value);
      label.textContent = "Lien copié";
    } catch {
      link.select();
      label.textContent = "Copiez le lien choisi";
    }
  });
}

// Small manners of every page: menus that fold, "/" to search, a form sent once.

// Shortcuts of one key can be turned off, for those who dictate or whose hands tremble.
function keysAreOn() {
  try {
    return localStorage.getItem("parvis.keys") !== "off";
  } catch {
    return true;
  }
}

const folds = () => document.querySelectorAll(":is(details[data-fold], .tabs details)[open]");

// On a phone the group of the page that is open is unfolded in the menu.
for (const here of document.querySelectorAll(".burger nav summary[aria-current]")) {
  here.parentElement.open = true;
}

// What unfolds over the page folds again once one clicks, or tabs, elsewhere.
for (const kind of ["click", "focusin"]) {
  document.addEventListener(kind, (event) => {
    for (const fold of folds()) if (!fold.contains(event.target)) fold.open = false;
  });
}

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    for (const fold of folds()) {
      fold.open = false;
      fold.querySelector("summary").focus();
    }
  }
  const writing = event.target.closest?.("input, textarea, select, [contenteditable]");
  if (event.key === "/" && keysAreOn() && !writing && !event.ctrlKey && !event.metaKey && !event.altKey) {
    const search = document.querySelector('[data-shortcut="/"], input[type=search]');
    if (search) {
      event.preventDefault();
      search.focus();
    }
  }
});

// A second tap on a slow network must not send twice; the button comes back if the page does.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented) return;
  if (form.dataset.sending) {
    event.preventDefault();
    return;
  }
  form.dataset.sending = "true";
  event.submitter?.setAttribute("aria-busy", "true");
});

addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sending]")) delete form.dataset.sending;
  for (const button of document.querySelectorAll("[aria-busy]")) button.removeAttribute("aria-busy");
});

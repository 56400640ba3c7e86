// "Moi aussi" leaves by itself too, and waits for the network like a report.
import { leave, newNumber, possible } from "./leaving.js";
import { drop } from "./outbox.js";
import { begin } from "./proof.js";

const form = document.querySelector("[data-join]");
let number = "bySelf" in form.dataset && possible() && newNumber();

if (number) {
  begin();
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const state = await leave(form, number, form.dataset.title, [["report", form.dataset.join]]);
    if (state === "sent") number = newNumber();
    if (state === "refused") await drop(number); // said here: there is nothing to correct elsewhere
  });
}

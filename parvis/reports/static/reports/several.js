// Several photos, chosen one after the other, on forms that leave as browsers send them.
import { gather } from "./gathering.js";

for (const input of document.querySelectorAll("[data-photos] input[type=file]")) gather(input);

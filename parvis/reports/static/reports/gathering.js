// Photos chosen one after the other: a phone's camera gives one at a time, and the field forgets the
// former ones. What is chosen anew joins what was there; each photo is shown, and can be taken away.
import { said } from "../ui/said.js";
import { choose } from "./photos.js";

const same = (one, other) => one.name === other.name && one.size === other.size && one.lastModified === other.lastModified;

// `changed` is called when the person adds or takes away; it may make the files lighter. Gives what
// shows the photos again, for who puts some in the field.
export function gather(input, changed = () => {}) {
  const list = document.createElement("ul");
  list.className = "photos";
  input.after(list);
  let held = [];

  function show() {
    held = [...input.files];
    list.replaceChildren(...held.map(line));
  }

  function line(file) {
    const item = document.createElement("li");
    const picture = new Image();
    picture.alt = file.name;
    picture.addEventListener("load", () => URL.revokeObjectURL(picture.src));
    picture.addEventListener("error", () => picture.replaceWith(file.name)); // HEIC, or no picture at all
    picture.src = URL.createObjectURL(file);
    const button = document.createElement("button");
    button.type = "button";
    button.className = "link";
    button.textContent = said("Enlever");
    button.setAttribute("aria-label", said("Enlever {name}", { name: file.name }));
    button.addEventListener("click", async () => {
      choose(input, held.filter((one) => one !== file));
      input.focus();
      await settle();
    });
    item.append(picture, button);
    return item;
  }

  async function settle() {
    show();
    await changed();
    show();
  }

  input.addEventListener("change", () => {
    const added = [...input.files].filter((one) => !held.some((other) => same(one, other)));
    choose(input, [...held, ...added]);
    return settle();
  });
  show();
  return show;
}

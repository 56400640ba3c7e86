// What scripts say, in the language of the page: French, or what the page carries beside it.
const carried = document.getElementById("paroles");
const words = carried ? JSON.parse(carried.textContent) : {};

/** These words in the reader's language; `{name}` is replaced by what is given under that name. */
export const said = (french, given = {}) => (words[french] || french).replace(/{(\w+)}/g, (whole, name) => given[name] ?? whole);

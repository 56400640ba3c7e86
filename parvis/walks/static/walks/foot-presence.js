// Who is there: organisations that were called, people who registered, and a number of others. The latest
// word counts; each is kept and sent like the rest.
import { keepPresence, noted } from "./foot-outbox.js";
import { changed, fill, one, open, piece, say } from "./foot-parts.js";

const view = one("[data-view=presence]");
const count = one("[data-count]", view);

export async function showPresence() {
  const { guests, people } = open.record.data;
  const { items } = await noted(open.id);
  const last = new Map(items.filter((item) => item.target).map((item) => [item.target, item.body]));
  const groups = [
    ["guest", "Organisations conviées", guests],
    ["person", "Personnes inscrites", people],
  ].filter(([, , rows]) => rows.length);
  one("[data-groups]", view).replaceChildren(...groups.map((group) => groupNode(...group, last)));
  const counted = last.get("others")?.count;
  if (counted !== undefined) count.value = counted;
}

function groupNode(kind, label, rows, last) {
  const node = piece("group", { label });
  fill(
    one("[data-lines]", node),
    rows.map((row) => {
      const target = `${kind}-${row.id}`;
      return lineNode(kind, row, target, last.has(target) ? last.get(target).came : row.came);
    }),
  );
  return node;
}

function lineNode(kind, { id, name }, target, came) {
  const node = piece("line", { name });
  for (const input of node.querySelectorAll("input")) {
    input.name = target;
    input.checked = came !== null && Boolean(input.value) === came;
    input.addEventListener("change", async () => {
      const body = { kind: "presence", [kind]: id, came: Boolean(input.value), noted_at: new Date().toISOString() };
      await keepPresence(open.id, body, target, `${name} : ${input.value ? "là" : "pas là"}`);
      changed();
    });
  }
  return node;
}

async function recount(number) {
  const whole = Math.min(999, Math.max(0, Math.round(number) || 0));
  count.value = whole;
  const body = { kind: "presence", count: whole, noted_at: new Date().toISOString() };
  await keepPresence(open.id, body, "others", `Autres personnes : ${whole}`);
  say(`${whole} autres personnes.`);
  changed();
}

count.addEventListener("change", () => recount(Number(count.value)));
one("[data-less]", view).addEventListener("click", () => recount(Number(count.value) - 1));
one("[data-more]", view).addEventListener("click", () => recount(Number(count.value) + 1));

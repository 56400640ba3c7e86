// A booklet in the making: asks now and then whether it is ready, and then shows it.

const ASK_EVERY = 3000; // milliseconds
const wait = (time) => new Promise((done) => setTimeout(done, time));

for (;;) {
  await wait(ASK_EVERY);
  if (document.hidden) continue;
  try {
    const answer = await fetch(location.href);
    if (!answer.ok || !(await answer.text()).includes("data-booklet-waiting")) {
      location.reload();
      break;
    }
  } catch {
    // No network for a while: ask again later.
  }
}

// Whatever asks in an answer: links and forms.

import { fillForm, handIn } from "./loading.js";
import { base } from "./site.js";
import { ask, reach } from "./turns.js";

// `busy` is told how many answers are open; `before` is called before a link asks.
export function watchAsks(busy, before = () => {}) {
  const inNewTurn = (what) => ask(what, { busy, focus: true });

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-ask]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    before();
    const turn = link.dataset.ask === "here" ? link.closest(".turn") : null;
    ask({ path: link.getAttribute("href"), turn }, { busy, focus: !turn });
  });

  document.addEventListener("change-code", async ({ detail }) => {
    await inNewTurn({ path: `${base}/try` });
    const form = [...document.querySelectorAll("form.own-code")].at(-1);
    if (form) await fillForm(form, detail);
  });

  document.addEventListener("submit", (event) => {
    const form = event.target.closest("form.own-code, form.exercise, form.quiz");
    if (!form) return;
    event.preventDefault();
    handIn(form, inNewTurn);
  });

  // Here, as somebody may type before the script of code areas has come.
  document.addEventListener("keydown", ({ key, ctrlKey, metaKey, target }) => {
    const runs = key === "Enter" && (ctrlKey || metaKey);
    if (runs && target.matches(".code-area textarea")) target.form.requestSubmit();
  });

  addEventListener("popstate", ({ state }) => {
    if (!reach(state?.turn ?? 0)) location.reload();
  });
}

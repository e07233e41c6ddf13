// Whatever asks in an answer: links, the quiz, exercises, code of one's own.

import { watchDragging } from "./dragging.js";
import { codeIn, fillWith, focusCode, showFindings } from "./code_areas.js";
import { answerOf } from "./exercise.js";
import { copyLink } from "./own_code.js";
import { guessOf, move, watchOrders } from "./quiz.js";
import { base } from "./site.js";
import { ask, reach } from "./turns.js";

// `busy` is told how many answers are open; `before` is called before a link asks.
export function watchAsking(busy, before = () => {}) {
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-ask]");
    if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey && event.button === 0) {
      event.preventDefault();
      before();
      const turn = link.dataset.ask === "here" ? link.closest(".turn") : null;
      ask({ path: link.getAttribute("href"), turn }, { busy, focus: !turn });
    }
    const linker = event.target.closest("form.own-code button.link");
    if (linker) copyLink(linker.form);
    const mover = event.target.closest("button.move");
    if (mover) move(mover);
  });

  document.addEventListener("change-code", async ({ detail }) => {
    await ask({ path: `${base}/try` }, { busy, focus: true });
    const editor = [...document.querySelectorAll("form.own-code")].at(-1);
    if (!editor) return;
    fillWith(editor, detail);
    focusCode(editor);
  });

  document.addEventListener("submit", (event) => {
    const editor = event.target.closest("form.own-code");
    if (editor) {
      event.preventDefault();
      const code = codeIn(editor);
      if (code.trim()) showFindings(editor, ask({ code }, { busy, focus: true }));
      return;
    }
    const exercise = event.target.closest("form.exercise");
    if (exercise) {
      event.preventDefault();
      const answer = answerOf(exercise);
      if (!answer.trim()) return;
      const asked = ask({ path: exercise.dataset.exercise, answer }, { busy, focus: true });
      if (exercise.querySelector("textarea")) showFindings(exercise, asked);
      return;
    }
    const form = event.target.closest("form.quiz");
    if (!form) return;
    event.preventDefault();
    ask({ path: form.dataset.quiz, guess: guessOf(form) }, { busy, focus: true });
  });

  addEventListener("popstate", ({ state }) => {
    if (!reach(state?.turn ?? 0)) location.reload();
  });

  watchDragging();
  watchOrders();
}

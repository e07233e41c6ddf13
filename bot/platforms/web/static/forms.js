// The forms of an answer: code of one's own, exercises, predictions. Loaded when the first is shown.

import { codeIn, fillWith, focusCode, openCodeAreas, showFindings } from "./code_areas.js";
import { watchDragging } from "./dragging.js";
import { answerOf } from "./exercise.js";
import { copyLink } from "./own_code.js";
import { guessOf, move, watchOrders } from "./quiz.js";

let watched = false;

export function open(root) {
  if (!watched) watch();
  watched = true;
  // What only this script can do cannot be pressed before it has come.
  for (const it of root.querySelectorAll("button:is(.link, .move):disabled")) it.disabled = false;
  openCodeAreas(root);
}

export function fill(form, code) {
  open(form);
  fillWith(form, code);
  focusCode(form);
}

// Ask what a form holds: `ask` takes it, and returns the turn that answers.
export function handIn(form, ask) {
  if (form.matches(".own-code")) {
    const code = codeIn(form);
    if (code.trim()) showFindings(form, ask({ code }));
  } else if (form.matches(".exercise")) {
    const answer = answerOf(form);
    if (!answer.trim()) return;
    const asked = ask({ path: form.dataset.exercise, answer });
    if (form.querySelector("textarea")) showFindings(form, asked);
  } else {
    ask({ path: form.dataset.quiz, guess: guessOf(form) });
  }
}

function watch() {
  document.addEventListener("click", ({ target }) => {
    const linker = target.closest("form.own-code button.link");
    if (linker) copyLink(linker.form);
    const mover = target.closest("button.move");
    if (mover) move(mover);
  });
  watchDragging();
  watchOrders();
}

// What only some answers need is loaded with the first of them.

export async function openForms(root) {
  if (root.querySelector("form.own-code, form.exercise, form.quiz")) (await import("./forms.js")).open(root);
}

export async function markLines(turn) {
  if (turn.querySelector(".note[data-lines]")) (await import("./findings.js")).markLines(turn);
}

// Code that came in the page's address belongs into its first form.
export async function fillFromLink() {
  if (location.hash.startsWith("#code=")) await (await import("./own_code.js")).fillFromLink();
}

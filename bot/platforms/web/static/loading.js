// What only some answers need is loaded with the first of them.

let forms = null;

async function loadForms() {
  return (forms ??= await import("./forms.js"));
}

export async function openForms(root) {
  if (root.querySelector("form.own-code, form.exercise, form.quiz")) (await loadForms()).open(root);
}

// A form is handed in at once where its script is there.
export async function handIn(form, ask) {
  (forms ?? (await loadForms())).handIn(form, ask);
}

export async function fillForm(form, code) {
  (await loadForms()).fill(form, code);
}

export async function markLines(turn) {
  if (turn.querySelector(".note[data-lines]")) (await import("./findings.js")).markLines(turn);
}

// Code that came in the page's address belongs into its first form.
export async function fillFromLink() {
  if (location.hash.startsWith("#code=")) await (await import("./own_code.js")).fillFromLink();
}

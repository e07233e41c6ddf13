// Where code is typed: a text area and, where it was built, the editor in its place, which is loaded
// when the first one is needed.

import { restoreDraft, saveDraft } from "./drafts.js";
import { findingsFor } from "./findings.js";

const built = document.body.dataset.editor === "built";
const { nonce } = document.querySelector("style[nonce]"); // the page allows styles by it
const editors = new WeakMap();
let count = 0;

export function openCodeAreas(root) {
  for (const label of root.querySelectorAll("label.code-area:not([data-open])")) open(label);
}

export function codeIn(form) {
  return form.querySelector("textarea").value;
}

export function fillWith(form, code) {
  const area = form.querySelector("textarea");
  area.value = code;
  area.dispatchEvent(new Event("input", { bubbles: true }));
}

export function focusCode(form) {
  const area = form.querySelector("textarea");
  (editors.get(area) ?? area).focus();
}

// Code was handed in: what was found in an earlier run is over, and `turn` tells what is found now.
export async function showFindings(form, answered) {
  const editor = editors.get(form.querySelector("textarea"));
  editor?.show([]);
  const turn = await answered;
  editor?.show(findingsFor(codeIn(form), [turn]));
}

function open(label) {
  const area = label.querySelector("textarea");
  label.dataset.open = "";
  const changed = () => {
    saveDraft(area);
    tellSize(label, area);
  };
  restoreDraft(area);
  if (area.value !== area.defaultValue) changed(); // by a draft, a link, or before this script came
  area.addEventListener("input", changed);
  if (built) replace(label, area);
}

function tellSize(label, area) {
  const most = Number(label.dataset.longest);
  const size = new Blob([area.value]).size;
  const said = area.form.querySelector(".too-long");
  const told = size < most ? "" : JSON.parse(label.dataset.words).too_long
    .replace("{most}", most / 1000).replace("{size}", (Math.ceil(size / 100) / 10).toFixed(1));
  if (said.textContent !== told) said.textContent = told;
  said.className = told ? "too-long note warning" : "too-long";
}

async function replace(label, area) {
  const { mount } = await import("./editor.js");
  const words = JSON.parse(label.dataset.words);
  const help = Object.assign(document.createElement("p"), {
    className: "keys", id: `editor-keys-${(count += 1)}`, textContent: words.keys,
  });
  const editor = mount(label, {
    words: { ...words, phrases: phrases(words) },
    name: label.querySelector("span").textContent,
    help: help.id,
    nonce,
    run: () => area.form.requestSubmit(),
    filled: (it) => it.show(findingsFor(area.value)),
  });
  editors.set(area, editor);
  label.parentElement.insertBefore(help, area.form.querySelector(".too-long"));
  // The text area stays the form's field, out of sight and out of the way.
  const focused = document.activeElement === area;
  label.classList.add("has-editor");
  area.tabIndex = -1;
  area.setAttribute("aria-hidden", "true");
  label.addEventListener("click", (event) => {
    event.preventDefault();
    editor.focus();
  });
  if (focused) editor.focus();
  editor.show(findingsFor(area.value));
}

function phrases(words) {
  return {
    "Control character": words.control_character,
    "Diagnostics": words.diagnostics,
    "No diagnostics": words.no_diagnostics,
    "close": words.close,
    "Selection deleted": words.selection_deleted,
  };
}

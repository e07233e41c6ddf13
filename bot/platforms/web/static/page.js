// The page comes alive: typed commands, links that ask, the quiz, the theme.

import { watchAsks } from "./asks.js";
import { fillFromLink, openForms } from "./loading.js";
import { fragment } from "./markup.js";
import { listen } from "./news.js";
import { root as site, words } from "./site.js";
import { show as showProgress } from "./progress.js";
import { decorate } from "./tools.js";
import { ask, restore, stopAll } from "./turns.js";

const root = document.documentElement;
// A scrubber or a choice takes no letters.
const TYPED_INTO = "input:not([type=range], [type=radio], [type=checkbox]), textarea, select, [contenteditable]";
const composer = document.querySelector(".composer");
const input = document.getElementById("ask");
const stop = composer.querySelector(".stop");
const course = document.querySelector(".course details");

function busy(count) {
  stop.hidden = count === 0;
}

// Suggestions are loaded when somebody is about to type.
let closeSuggestions = () => {};
async function openSuggestions() {
  const { suggest } = await import("./suggest.js");
  closeSuggestions = suggest(input, words.suggestions, () => composer.requestSubmit());
}
if (document.activeElement === input) openSuggestions();
else input.addEventListener("focus", openSuggestions, { once: true });

composer.addEventListener("submit", (event) => {
  event.preventDefault();
  const text = input.value.trim();
  if (!text) return;
  input.value = "";
  recall.add(text);
  closeSuggestions();
  ask({ text }, { busy, focus: false });
});

stop.addEventListener("click", () => {
  stopAll();
  input.focus();
});

// ↑ and ↓ bring back what was asked before; / goes to the field from anywhere.
const recall = {
  asked: [],
  place: 0,
  add(text) {
    this.asked = [...this.asked.filter((it) => it !== text), text];
    this.place = this.asked.length;
  },
  go(step) {
    const place = Math.min(Math.max(this.place + step, 0), this.asked.length);
    if (place === this.place) return;
    this.place = place;
    input.value = this.asked[place] ?? "";
  },
};

composer.addEventListener("keydown", (event) => {
  const step = event.target === input && { ArrowUp: -1, ArrowDown: 1 }[event.key];
  if (!step || event.defaultPrevented || event.isComposing) return;
  event.preventDefault();
  recall.go(step);
});

addEventListener("keydown", (event) => {
  const typing = event.target.closest(TYPED_INTO);
  if (event.key === "Escape" && !typing) present(false);
  if (event.key !== "/" || typing || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  input.focus();
  input.value ||= "/";
});

// Looks for a projector: large, the whole width, nothing but the answers.
const presenting = document.querySelector("button.present");
function present(on) {
  root.toggleAttribute("data-present", on);
  presenting.setAttribute("aria-pressed", String(on));
}
presenting.hidden = false;
presenting.addEventListener("click", () => present(!root.hasAttribute("data-present")));

const dark = matchMedia("(prefers-color-scheme: dark)");
const theme = document.querySelector("button.theme");
theme.hidden = false;
theme.addEventListener("click", () => {
  const now = root.dataset.theme || (dark.matches ? "dark" : "light");
  root.dataset.theme = now === "dark" ? "light" : "dark";
  const secure = location.protocol === "https:" ? "; secure" : "";
  document.cookie =
    `theme=${root.dataset.theme}; path=${site || "/"}; max-age=31536000; samesite=lax${secure}`;
});

const narrow = matchMedia("(max-width: 87.5rem)");
course.open = !narrow.matches;
narrow.addEventListener("change", () => (course.open = !narrow.matches));

// An author has saved a lesson: show it where it is told, and say so where it was run.
async function lessonsChanged() {
  const turn = document.querySelector(".turn:last-child");
  const path = turn?.dataset.path ?? "";
  if (turn?.dataset.answer === "text") {
    ask({ path, turn }, { busy, focus: false });
  } else if (turn && !turn.querySelector(".changed")) {
    const note = document.createElement("p");
    note.className = "note info changed";
    note.setAttribute("role", "status");
    note.textContent = words.changed;
    turn.append(note);
  }
  const page = fragment(await (await fetch(`${site}/lessons`)).text());
  course.querySelector("ol").replaceWith(page.querySelector(".course ol"));
  showProgress();
}

watchAsks(busy, () => {
  if (narrow.matches) course.open = false;
});
listen(lessonsChanged);
addEventListener("hashchange", fillFromLink);
decorate(document.getElementById("turns"));
// A draft of the code in a link is newer than the link.
fillFromLink().then(() => openForms(document.body));
showProgress();
const back = await restore();
if (!back && document.body.dataset.askNow) {
  ask(
    { path: document.body.dataset.askNow, turn: document.querySelector(".turn") },
    { busy, focus: false },
  );
}

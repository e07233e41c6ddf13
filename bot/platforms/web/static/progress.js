// How far a learner has got in each chapter, kept in this browser alone.

import { words } from "./site.js";

const KEY = "tried";
const MOST = 500;

function tried() {
  try {
    return new Set(JSON.parse(localStorage.getItem(KEY) ?? "[]"));
  } catch {
    return new Set();
  }
}

export function note(path) {
  const all = tried().add(path.split("?")[0]);
  try {
    localStorage.setItem(KEY, JSON.stringify([...all].slice(-MOST)));
  } catch {
    // a browser that keeps nothing shows no progress
  }
  show();
}

export function show() {
  const all = tried();
  for (const link of document.querySelectorAll(".course a[data-items]")) {
    const items = link.dataset.items.split(" ").filter(Boolean);
    const done = items.filter((it) => all.has(it)).length;
    link.querySelector(".progress")?.remove();
    link.classList.toggle("done", done > 0 && done === items.length);
    if (!done) continue;
    const told = document.createElement("span");
    told.className = "progress";
    told.textContent = `${done}/${items.length}`;
    told.title = words.progress.replace("{done}", done).replace("{count}", items.length);
    link.append(told);
  }
  for (const link of document.querySelectorAll("a[data-item]")) {
    link.classList.toggle("tried", all.has(link.getAttribute("href")));
  }
}

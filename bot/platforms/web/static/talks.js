// Conversations, kept in the browser for as long as its tab is open: back, forward and reload show
// what was there, and run nothing again.

import { embedded } from "./site.js";

const PREFIX = "talk:";
const MOST = 4;
const LARGEST = 1_500_000; // characters of one conversation; a browser gives a site about 5 million

export class Talk {
  constructor() {
    this.id = history.state?.talk ?? "";
    this.turns = this.id ? read(PREFIX + this.id) : [];
    this.known = this.turns.some(Boolean);
    if (!this.id) {
      this.id = `${Date.now().toString(36)}${Math.random().toString(36).slice(2, 8)}`;
      history.replaceState({ talk: this.id, turn: 0 }, "");
    }
  }

  // Keep an answer: what was asked, the server's own fragments, and the records of its runs.
  keep(number, turn) {
    this.turns[number] = turn;
    let kept = this.turns.map((it) => it ?? null);
    for (let tries = 0; tries < 20; tries++) {
      const text = JSON.stringify(kept);
      if (text.length <= LARGEST && write(PREFIX + this.id, text)) return;
      const heavy = kept.findIndex((it) => it?.records);
      if (heavy >= 0) kept = kept.with(heavy, { ...kept[heavy], records: null });
      else kept = kept.with(kept.findIndex(Boolean), null);
    }
  }

  go(number, path) {
    // Inside another site's page, back is that page's.
    history[embedded ? "replaceState" : "pushState"]({ talk: this.id, turn: number }, "", path);
  }
}

function read(key) {
  try {
    const found = JSON.parse(sessionStorage.getItem(key) ?? "[]");
    return Array.isArray(found) ? found : [];
  } catch {
    return [];
  }
}

function write(key, text) {
  try {
    const others = Object.keys(sessionStorage).filter((it) => it.startsWith(PREFIX) && it !== key).sort();
    for (const old of others.slice(0, Math.max(0, others.length - MOST + 1))) sessionStorage.removeItem(old);
    sessionStorage.setItem(key, text);
    return true;
  } catch {
    return false;
  }
}

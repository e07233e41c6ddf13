// Code, printed lines and picture of one answer, shown as they stood at one moment.

import { lineAt, printedBy, spanAt } from "./record.js";

const MOST_MARKS = 4;

export class Marks {
  constructor() {
    this.codes = [];
    this.lists = [];
    this.at = new Map();
    this.lit = new Map();
    this.later = new Map();
    this.rows = new WeakMap();
  }

  // The answer holds one block of code and one list of lines for each run, or none of them.
  find(answer) {
    const codes = [...answer.querySelectorAll(".code.source")];
    if (codes.some((code, index) => code !== this.codes[index])) this.at.clear();
    const lists = [...answer.querySelectorAll(".sequence")];
    if (lists.some((list, index) => list !== this.lists[index])) this.lit.clear();
    Object.assign(this, { codes, lists });
  }

  rowsOf(run) {
    const code = this.codes[run];
    if (!code) return [];
    if (!this.rows.has(code)) this.rows.set(code, [...code.querySelectorAll(".row")]);
    return this.rows.get(code);
  }

  // Mark each lane's line in the code, and light the lines that are printed by then.
  show(runs, at) {
    for (const [index, run] of runs.entries()) {
      this.#code(index, run, at);
      this.#lines(index, printedBy(run, at));
    }
  }

  // As it all stands when nothing is stepped through.
  rest(runs) {
    for (const [index, run] of runs.entries()) {
      this.#mark(index, new Map());
      this.#lines(index, run.prints.length);
    }
  }

  #code(index, run, at) {
    const lanes = new Map();
    for (const lane of run.lanes) {
      const line = lineAt(lane, at);
      if (line <= 0) continue;
      if (!lanes.has(line)) lanes.set(line, []);
      lanes.get(line).push(lane);
    }
    this.#mark(index, lanes, at);
  }

  #mark(index, lanes, at) {
    const before = this.at.get(index) ?? new Map();
    const now = new Map();
    const rows = this.rowsOf(index);
    for (const [line, found] of lanes) {
      const active = found.filter((lane) => [0, 3].includes(spanAt(lane, at)?.kind)).map((it) => it.id);
      const key = `${found.map((lane) => lane.id)}|${active}`;
      now.set(line, key);
      if (before.get(line) !== key && rows[line - 1]) this.#markRow(rows[line - 1], found, active);
    }
    for (const line of before.keys()) if (!now.has(line) && rows[line - 1]) unmark(rows[line - 1]);
    this.at.set(index, now);
    const key = [...now.keys()].join();
    if (key && key !== this.followed) this.#soon(rows, () => this.#follow(rows));
    this.followed = key;
  }

  // To ask where something stands costs a layout: once a frame is enough.
  #soon(what, act) {
    if (!this.later.size) {
      requestAnimationFrame(() => {
        const acts = [...this.later.values()];
        this.later.clear();
        for (const it of acts) it();
      });
    }
    this.later.set(what, act);
  }

  // Long code scrolls in its own box, so that what runs, or else what waits, is in sight.
  #follow(rows) {
    const row = rows.find((it) => it.matches(".runs")) ?? rows.find((it) => it.matches(".marked"));
    const box = row?.closest("pre");
    if (!box || box.scrollHeight <= box.clientHeight) return;
    const top = row.offsetTop - box.offsetTop;
    if (top < box.scrollTop || top + row.offsetHeight > box.scrollTop + box.clientHeight) {
      box.scrollTop = top - box.clientHeight / 3;
    }
  }

  #markRow(row, lanes, active) {
    const box = row.querySelector(".marks") ?? Object.assign(document.createElement("span"), { className: "marks" });
    box.setAttribute("aria-hidden", "true");
    box.replaceChildren();
    delete row.dataset.more;
    for (const lane of lanes.slice(0, MOST_MARKS)) {
      const mark = document.createElement("i");
      mark.className = `hue-${lane.hue}${active.includes(lane.id) ? " active" : ""}`;
      box.append(mark);
    }
    if (lanes.length > MOST_MARKS) row.dataset.more = `+${lanes.length - MOST_MARKS}`;
    row.dataset.lanes = lanes.map((lane) => lane.id).join(" ");
    const first = lanes.find((lane) => active.includes(lane.id)) ?? lanes[0];
    const looks = `row marked hue-${first.hue}${active.length ? " runs" : ""}`;
    row.className = row.classList.contains("hot") ? `${looks} hot` : looks;
    if (!box.isConnected) row.prepend(box);
  }

  #lines(index, count) {
    const items = this.lists[index]?.querySelectorAll("li");
    if (!items) return;
    const before = this.lit.get(index) ?? items.length;
    for (let i = Math.min(before, count); i < Math.max(before, count) && i < items.length; i++) {
      items[i].classList.toggle("to-come", i >= count);
    }
    this.lit.set(index, count);
    if (count !== before && count > 0) {
      const [list, item] = [this.lists[index], items[Math.min(count, items.length) - 1]];
      this.#soon(list, () => keepInSight(list, item));
    }
  }

  // Show what belongs together: a line of the code, what it printed.
  point(run, line, number = 0) {
    for (const [index, code] of this.codes.entries()) {
      for (const row of code.querySelectorAll(".row.hot")) row.classList.remove("hot");
      if (index === run && line > 0) this.rowsOf(index)[line - 1]?.classList.add("hot");
    }
    for (const [index, list] of this.lists.entries()) {
      for (const item of list.querySelectorAll("li.hot")) item.classList.remove("hot");
      if (index !== run || line <= 0) continue;
      const wanted = number ? `[data-number="${number}"]` : `[data-line="${line}"]`;
      for (const item of list.querySelectorAll(`li${wanted}`)) item.classList.add("hot");
    }
  }
}

function unmark(row) {
  row.querySelector(".marks")?.remove();
  row.className = row.classList.contains("hot") ? "row hot" : "row";
  delete row.dataset.lanes;
  delete row.dataset.more;
}

// Scroll inside the list alone: the page is the reader's.
function keepInSight(list, item) {
  const top = item.offsetTop - list.offsetTop;
  if (top < list.scrollTop || top + item.offsetHeight > list.scrollTop + list.clientHeight) {
    list.scrollTop = top - list.clientHeight / 2;
  }
}

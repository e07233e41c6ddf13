// Where the parts of an answer stand: code on one side, lines and picture on the other, the rest
// above and below. Parts come and change one by one; each keeps its element.

import { Marks } from "./marks.js";
import { decode } from "./record.js";
import { Replay } from "./replay.js";
import { Stage } from "./stage.js";
import { pictureTools } from "./tools.js";

const calm = matchMedia("(prefers-reduced-motion: reduce)");
const LATEST = 400_000; // microseconds that a run is thought to go on without news

export class Workbench {
  constructor(answer, words) {
    this.answer = answer;
    this.words = words;
    this.parts = [];
    this.stages = new Map();
    this.boxes = {};
    this.marks = new Marks();
  }

  part(index) {
    while (this.parts.length <= index) {
      const part = document.createElement("div");
      part.className = "part";
      this.parts.push(part);
    }
    return this.parts[index];
  }

  // Bring the parts to where they belong; what stands right already is not touched.
  arrange(count) {
    while (this.parts.length > count) this.parts.pop().remove();
    const places = { above: [], code: [], run: [], below: [] };
    const kinds = this.parts.map(placeOf);
    const first = kinds.findIndex((kind) => kind !== "text");
    const last = kinds.findLastIndex((kind) => kind !== "text");
    for (const [index, part] of this.parts.entries()) {
      const kind = kinds[index];
      if (first < 0 || index < first) places.above.push(part);
      else if (kind === "code" || kind === "run") places[kind].push(part);
      else if (index > last) places.below.push(part);
      else places.run.push(part);
    }
    if (first < 0) {
      settle(this.answer, places.above);
      return;
    }
    const { above, desk, code, run, below } = this.#boxes();
    places.run.sort((a, b) => order(a) - order(b));
    desk.classList.toggle("two", places.code.length > 0);
    settle(above, places.above);
    settle(code, places.code);
    settle(run, places.run);
    settle(below, places.below);
    settle(this.answer, [above, desk, below]);
  }

  #boxes() {
    if (!this.boxes.desk) {
      for (const name of ["above", "desk", "code", "run", "below"]) {
        this.boxes[name] = document.createElement("div");
        this.boxes[name].className = `answer-${name}`;
      }
      this.boxes.desk.append(this.boxes.code, this.boxes.run);
    }
    return this.boxes;
  }

  #stage(index) {
    const figure = this.part(index).querySelector(".picture");
    let found = this.stages.get(index);
    if (!found || found.figure !== figure) {
      const before = found;
      cancelAnimationFrame(before?.growing);
      found = { figure, stage: before?.stage ?? new Stage(figure, this.words) };
      if (before) figure.prepend(before.stage.element, before.stage.axis, before.stage.notes);
      this.stages.set(index, found);
    }
    return found;
  }

  // Runs under way: the picture grows between two updates, too.
  draw(index, raw, likely) {
    const found = this.#stage(index);
    const runs = raw.map(decode);
    const running = runs.some((run) => run.running);
    cancelAnimationFrame(found.growing);
    this.marks.find(this.answer);
    found.stage.show(runs, { likely: likely * 1e6, growing: running });
    if (!running) return this.marks.rest(runs);
    const end = Math.max(...runs.map((run) => run.end));
    const since = performance.now();
    found.stage.grow(end);
    this.marks.show(runs, end);
    const clock = this.#clock(end);
    if (calm.matches) return;
    const frame = () => {
      const at = end + Math.min((performance.now() - since) * 1000, LATEST);
      found.stage.grow(at);
      clock(at);
      if (this.answer.hasAttribute("aria-busy")) found.growing = requestAnimationFrame(frame);
    };
    found.growing = requestAnimationFrame(frame);
  }

  // The time so far, as big as the measured time will be.
  #clock(end) {
    const { run } = this.#boxes();
    this.clock ??= Object.assign(document.createElement("p"), { className: "figure clock" });
    this.clock.setAttribute("aria-hidden", "true");
    if (run.firstChild !== this.clock) run.prepend(this.clock);
    const show = (at) => (this.clock.textContent = this.words.at_seconds.replace("{seconds}", (at / 1e6).toFixed(2)));
    show(end);
    return show;
  }

  // The run is over, and here is all that it did.
  replay(index, raw, name) {
    const found = this.#stage(index);
    cancelAnimationFrame(found.growing);
    found.stage.live = null;
    const runs = raw.map(decode);
    this.marks.find(this.answer);
    if (!found.replay) {
      found.replay = new Replay(found.figure, found.stage, this.marks, this.words);
      found.figure.append(pictureTools(found.stage, name));
    }
    found.replay.show(runs);
  }

  // No more news will come.
  end() {
    this.clock?.remove();
    for (const { growing, stage, replay } of this.stages.values()) {
      cancelAnimationFrame(growing);
      if (!replay) stage.moveTo(null);
    }
  }
}

function placeOf(part) {
  if (part.querySelector(":scope > .source, :scope > .fold:has(.source)")) return "code";
  if (part.querySelector(":scope > .sequence, :scope > .picture, :scope > .measured, :scope > .quiz")) return "run";
  return "text";
}

// The measured time first, then the picture, then what was printed.
function order(part) {
  const names = [".measured", ".picture", ".sequence"];
  const found = names.findIndex((name) => part.querySelector(`:scope > ${name}`));
  return found < 0 ? names.length : found;
}

function settle(box, wanted) {
  const clock = box.querySelector(":scope > .clock");
  const all = clock ? [clock, ...wanted] : wanted;
  if (box.children.length === all.length && all.every((it, index) => box.children[index] === it)) return;
  box.replaceChildren(...all);
}

// The pictures of one answer: while runs are under way, and afterwards, when they can be stepped through.

import { Marks } from "./marks.js";
import { decode } from "./record.js";
import { Replay } from "./replay.js";
import { TimelineView } from "./timeline_view.js";
import { pictureTools } from "./tools.js";

const calm = matchMedia("(prefers-reduced-motion: reduce)");
const LATEST = 400_000; // microseconds that a run is thought to go on without news

export class Pictures {
  constructor(bench) {
    this.bench = bench;
    this.timelines = new Map();
    this.marks = new Marks();
  }

  #timeline(index) {
    const figure = this.bench.part(index).querySelector(".picture");
    let found = this.timelines.get(index);
    if (!found || found.figure !== figure) {
      const before = found;
      cancelAnimationFrame(before?.growing);
      found = { figure, timeline: before?.timeline ?? new TimelineView(figure, this.bench.words) };
      if (before) figure.prepend(before.timeline.element, before.timeline.axis, before.timeline.notes);
      this.timelines.set(index, found);
    }
    return found;
  }

  // Runs under way: the picture grows between two updates, too.
  draw(index, raw, likely) {
    const found = this.#timeline(index);
    const runs = raw.map(decode);
    const running = runs.some((run) => run.running);
    cancelAnimationFrame(found.growing);
    this.marks.find(this.bench.answer);
    found.timeline.show(runs, { likely: likely * 1e6, growing: running });
    if (!running) return this.marks.rest(runs);
    const end = Math.max(...runs.map((run) => run.end));
    const since = performance.now();
    found.timeline.grow(end);
    this.marks.show(runs, end);
    const clock = this.#clock(end);
    if (calm.matches) return;
    const frame = () => {
      const at = end + Math.min((performance.now() - since) * 1000, LATEST);
      found.timeline.grow(at);
      clock(at);
      if (this.bench.answer.hasAttribute("aria-busy")) found.growing = requestAnimationFrame(frame);
    };
    found.growing = requestAnimationFrame(frame);
  }

  // The time so far, as big as the measured time will be.
  #clock(end) {
    const run = this.bench.runBox;
    this.clock ??= Object.assign(document.createElement("p"), { className: "figure clock" });
    this.clock.setAttribute("aria-hidden", "true");
    if (run.firstChild !== this.clock) run.prepend(this.clock);
    const show = (at) => (this.clock.textContent = this.bench.words.at_seconds.replace("{seconds}", (at / 1e6).toFixed(2)));
    show(end);
    return show;
  }

  // The run is over, and here is all that it did.
  replay(index, raw, name) {
    const found = this.#timeline(index);
    cancelAnimationFrame(found.growing);
    found.timeline.live = null;
    const runs = raw.map(decode);
    this.marks.find(this.bench.answer);
    if (!found.replay) {
      found.replay = new Replay(found.figure, found.timeline, this.marks, this.bench.words);
      found.figure.append(pictureTools(found.timeline, name));
    }
    found.replay.show(runs);
  }

  // No more news will come.
  end() {
    this.clock?.remove();
    for (const { growing, timeline, replay } of this.timelines.values()) {
      cancelAnimationFrame(growing);
      if (!replay) timeline.moveTo(null);
    }
  }
}

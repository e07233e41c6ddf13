// A finished run, stepped through: play, pause, speed, a scrubber, and one sentence a moment.

import { element } from "./elements.js";
import { lastAt, moments, seconds, spanTold, told } from "./record.js";

const SPEEDS = [0.001, 0.01, 0.1, 0.25, 0.5, 1, 2, 4];
const WATCHED = 6; // seconds that a replay should last, at least about
const calm = matchMedia("(prefers-reduced-motion: reduce)");
const ICONS = {
  play: "M7 4.5v15l12-7.5z",
  pause: "M6 5h4v14H6zM14 5h4v14h-4z",
  first: "M5 5h2.5v14H5zM19 5v14L8.5 12z",
  last: "M16.5 5H19v14h-2.5zM5 5v14l10.5-7z",
  back: "M15.5 5v14L6 12z",
  forward: "M8.5 5v14l9.5-7z",
  closer: "M11 5h2v6h6v2h-6v6h-2v-6H5v-2h6z",
  farther: "M5 11h14v2H5z",
  whole: "M3 5h2v14H3zM19 5h2v14h-2zM7 12l4-4v3h2V8l4 4-4 4v-3h-2v3z",
};

export class Replay {
  constructor(figure, timeline, marks, words) {
    Object.assign(this, { figure, timeline, marks, words });
    this.playing = 0;
    this.moment = -1;
    this.#build();
    this.#listen();
  }

  show(runs) {
    this.pause();
    this.runs = runs;
    this.moments = moments(runs);
    this.end = this.moments.at(-1)?.at ?? 0;
    this.range.max = this.end;
    const wanted = this.end / 1e6 / WATCHED;
    this.speed.value = String(SPEEDS.findLast((it) => it <= Math.max(wanted, SPEEDS[0])) ?? 1);
    if (this.end >= 1e6) this.speed.value = "1";
    this.timeline.show(runs);
    this.rest();
  }

  // After the run, before anything is stepped through: everything is there.
  rest() {
    this.at = this.end;
    this.moment = this.moments.length - 1;
    this.timeline.moveTo(null);
    this.marks.rest(this.runs);
    this.#tell();
  }

  #build() {
    const { words } = this;
    const box = element("div", "replay");
    box.setAttribute("role", "group");
    box.setAttribute("aria-label", words.replay);
    this.range = element("input", "scrubber");
    Object.assign(this.range, { type: "range", min: 0, step: 1 });
    this.range.setAttribute("aria-label", words.moment);
    this.time = element("output", "replay-time");
    this.playButton = this.#button("play", words.play, () => (this.playing ? this.pause() : this.play()));
    this.playButton.classList.add("play");
    this.speed = element("select", "speed");
    this.speed.setAttribute("aria-label", words.speed);
    for (const it of SPEEDS) this.speed.add(new Option(it < 0.1 ? `1/${Math.round(1 / it)} ×` : `${it} ×`, it));
    const controls = element("div", "controls");
    controls.append(
      this.#button("first", words.first, () => this.go(0)),
      this.#button("back", words.back, () => this.step(-1)),
      this.playButton,
      this.#button("forward", words.forward, () => this.step(1)),
      this.#button("last", words.last, () => this.go(this.moments.length - 1)),
      this.speed,
      this.time,
    );
    const looks = element("div", "looks");
    this.arrows = this.#toggle(words.arrows, async (on) => {
      this.timeline.arrows = on ? (await import("./arrows.js")).drawArrows : null;
      this.timeline.draw();
    });
    this.loop = this.#toggle(words.loop, async (on) => {
      if (on) ({ loopColumns: this.loopColumns } = await import("./loop_state.js"));
      this.columns.hidden = !on;
      if (on) this.#columns();
    });
    const zoom = element("span", "zoom");
    zoom.append(
      this.#button("farther", words.farther, () => this.timeline.zoom(2)),
      this.#button("closer", words.closer, () => this.timeline.zoom(0.5)),
      this.#button("whole", words.whole, () => this.timeline.look(0, this.timeline.whole)),
    );
    looks.append(this.arrows, this.loop, zoom);
    this.said = element("p", "moment");
    this.said.setAttribute("role", "status");
    this.span = element("p", "span-told");
    this.columns = element("div", "loop-state");
    this.columns.hidden = true;
    const keys = element("p", "sr-only");
    keys.id = `keys-${Math.random().toString(36).slice(2)}`;
    keys.textContent = words.keys;
    this.range.setAttribute("aria-describedby", keys.id);
    box.append(this.range, controls, looks, this.said, this.span, this.columns, keys);
    this.box = box;
    this.timeline.notes.after(box);
  }

  #button(icon, label, act) {
    const button = element("button", "icon");
    button.type = "button";
    button.setAttribute("aria-label", label);
    button.title = label;
    button.append(drawn(ICONS[icon]));
    button.addEventListener("click", act);
    return button;
  }

  #toggle(label, act) {
    const button = element("button", "toggle");
    button.type = "button";
    button.textContent = label;
    button.setAttribute("aria-pressed", "false");
    button.addEventListener("click", () => {
      const on = button.getAttribute("aria-pressed") !== "true";
      button.setAttribute("aria-pressed", String(on));
      act(on);
    });
    return button;
  }

  #listen() {
    this.range.addEventListener("input", () => {
      this.pause();
      this.seek(Number(this.range.value));
    });
    this.box.addEventListener("keydown", (event) => this.#key(event));
    this.timeline.element.addEventListener("keydown", (event) => this.#key(event));
    this.timeline.element.addEventListener("click", (event) => this.#click(event));
    this.timeline.element.addEventListener("pointermove", (event) => this.#hover(event));
    this.timeline.element.addEventListener("pointerleave", () => this.point(null));
    this.timeline.element.addEventListener("wheel", (event) => this.#wheel(event), { passive: false });
    this.timeline.element.addEventListener("pointerdown", (event) => this.#drag(event));
    for (const [run, code] of this.marks.codes.entries()) this.#follow(run, code, ".row", (row) => [Number(row.dataset.n), 0]);
    for (const [run, list] of this.marks.lists.entries()) {
      this.#follow(run, list, "li", (item) => [Number(item.dataset.line ?? 0), Number(item.dataset.number)]);
    }
  }

  // What is pointed at with a mouse, a finger or the arrow keys is pointed at everywhere.
  #follow(run, block, selector, meant) {
    const on = (item) => {
      const [line, number] = meant(item);
      this.marks.point(run, line, number);
      this.timeline.hot = { run: this.runs[run], line };
      this.timeline.draw();
      return { line, number };
    };
    const off = () => {
      this.marks.point(-1, 0);
      this.timeline.hot = null;
      this.timeline.draw();
    };
    block.addEventListener("pointerover", (event) => {
      const item = event.target.closest(selector);
      if (item) on(item);
    });
    block.addEventListener("pointerleave", off);
    block.addEventListener("focusout", off);
    block.addEventListener("click", (event) => {
      const item = event.target.closest(selector);
      if (!item || !document.getSelection().isCollapsed) return;
      const { number } = on(item);
      if (number) this.#toPrint(run, number);
    });
    let place = -1;
    block.addEventListener("keydown", (event) => {
      if (event.key !== "ArrowDown" && event.key !== "ArrowUp" && event.key !== "Enter") return;
      const items = block.querySelectorAll(selector);
      event.preventDefault();
      if (event.key !== "Enter") place = Math.min(Math.max(place + (event.key === "ArrowDown" ? 1 : -1), 0), items.length - 1);
      if (!items[place]) return;
      const { line, number } = on(items[place]);
      items[place].scrollIntoView({ block: "nearest" });
      const print = number || this.runs[run].prints.find((it) => it.line === line)?.number;
      if (event.key === "Enter" && print) this.#toPrint(run, print);
    });
  }

  #toPrint(run, number) {
    const place = this.moments.findIndex((it) => it.print?.number === number && it.run === this.runs[run]);
    if (place >= 0) this.go(place);
  }

  #key(event) {
    if (event.target === this.speed || event.ctrlKey || event.metaKey || event.altKey) return;
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (step) this.step(step);
    else if (event.key === "Home") this.go(0);
    else if (event.key === "End") this.go(this.moments.length - 1);
    else if (event.key === " " && event.target.tagName !== "BUTTON") this.playing ? this.pause() : this.play();
    else if (event.key === "+" || event.key === "=") this.timeline.zoom(0.5);
    else if (event.key === "-") this.timeline.zoom(2);
    else if (event.key === "0") this.timeline.look(0, this.timeline.whole);
    else return;
    event.preventDefault();
  }

  #click(event) {
    const name = event.target.closest(".lane-name");
    if (name) {
      const { lane } = this.timeline.places[name.dataset.place];
      const next = this.timeline.chosen?.lane === lane ? this.timeline.chosen.place + 1 : lastAt(lane.spans, this.at, (it) => it.start);
      this.choose(lane.spans[Math.max(next, 0)] ?? lane.spans[0] ?? null);
      return;
    }
    if (this.dragged) return;
    const { at, span } = this.timeline.under(event);
    if (at === null) return;
    this.pause();
    this.seek(at);
    this.choose(span);
  }

  #hover(event) {
    if (event.buttons || event.pointerType === "touch") return;
    this.point(this.timeline.under(event).span);
  }

  point(span) {
    if (span === this.pointed) return;
    this.pointed = span;
    const run = span ? this.runs.indexOf(span.lane.run) : -1;
    this.marks.point(run, span?.line ?? 0);
    this.span.textContent = (span ?? this.timeline.chosen) ? spanTold(span ?? this.timeline.chosen, this.words) : "";
  }

  choose(span) {
    this.timeline.chosen = span;
    this.pointed = undefined;
    this.point(null);
    this.timeline.draw();
    if (span) this.marks.point(this.runs.indexOf(span.lane.run), span.line);
  }

  #wheel(event) {
    const sideways = event.shiftKey ? event.deltaY : event.deltaX;
    const size = this.timeline.view.to - this.timeline.view.from;
    if (event.ctrlKey) this.timeline.zoom(event.deltaY > 0 ? 1.25 : 0.8, this.timeline.under(event).at ?? undefined);
    else if (sideways && this.timeline.zoomed) this.timeline.look(this.timeline.view.from + (sideways / this.timeline.plot) * size);
    else return;
    event.preventDefault();
  }

  #drag(event) {
    this.dragged = false;
    if (event.button !== 0 || !this.timeline.zoomed || event.target.closest(".lane-name")) return;
    const { from, to } = this.timeline.view;
    const move = (moved) => {
      if (Math.abs(moved.clientX - event.clientX) > 4) this.dragged = true;
      if (this.dragged) this.timeline.look(from - ((moved.clientX - event.clientX) / this.timeline.plot) * (to - from));
    };
    addEventListener("pointermove", move);
    addEventListener("pointerup", () => removeEventListener("pointermove", move), { once: true });
  }

  #columns() {
    this.columns.replaceChildren(...this.loopColumns(this.runs, this.at, this.words));
  }

  step(by) {
    this.pause();
    const resting = this.timeline.now === null;
    this.go(resting && by > 0 ? 0 : this.moment + by);
  }

  // Go to an event by its place.
  go(place) {
    this.pause();
    const moment = Math.min(Math.max(place, 0), this.moments.length - 1);
    this.#set(this.moments[moment].at, moment);
  }

  // Go to a time, whatever happens there.
  seek(at) {
    this.#set(at, lastAt(this.moments, at, (it) => it.at));
  }

  #set(at, moment) {
    this.at = at;
    const changed = moment !== this.moment;
    this.moment = moment;
    this.marks.show(this.runs, at);
    this.timeline.follow(at);
    this.timeline.moveTo(at);
    if (changed || !this.playing) this.#tell();
    this.range.value = Math.round(at);
    this.time.textContent = this.words.at.replace("{at}", seconds(at));
    if (changed && !this.columns.hidden) this.#columns();
  }

  #tell() {
    const moment = this.moments[this.moment];
    const sentence = moment ? told(moment, this.words) : "";
    const line = moment?.print?.line ?? moment?.span?.line ?? (moment?.kind === "born" ? moment.lane.line : 0);
    this.said.className = `moment hue-${moment?.lane?.hue ?? 0}`;
    this.said.textContent = line > 0 ? `${sentence} (${this.words.in_line.replace("{line}", line)})` : sentence;
    this.range.value = Math.round(this.at);
    this.range.setAttribute("aria-valuetext", `${this.words.at.replace("{at}", seconds(this.at))} ${this.said.textContent}`);
    this.time.textContent = this.words.at.replace("{at}", seconds(this.at));
    if (!this.columns.hidden) this.#columns();
  }

  play() {
    if (this.timeline.now === null || this.at >= this.end) this.#set(0, lastAt(this.moments, 0, (it) => it.at));
    this.#look("pause", this.words.pause);
    this.said.setAttribute("aria-live", "off"); // nobody can listen as fast as it goes
    let before = performance.now();
    let at = this.at;
    const frame = (now) => {
      at = Math.min(this.end, at + (now - before) * 1000 * Number(this.speed.value));
      before = now;
      const moment = lastAt(this.moments, at, (it) => it.at);
      // Those who want less motion see it go from event to event.
      if (!calm.matches || moment !== this.moment) this.#set(calm.matches ? this.moments[moment].at : at, moment);
      if (at < this.end) this.playing = requestAnimationFrame(frame);
      else this.pause();
    };
    this.playing = requestAnimationFrame(frame);
  }

  pause() {
    cancelAnimationFrame(this.playing);
    this.playing = 0;
    this.#look("play", this.words.play);
    this.said.removeAttribute("aria-live");
  }

  #look(icon, label) {
    this.playButton.replaceChildren(drawn(ICONS[icon]));
    this.playButton.setAttribute("aria-label", label);
    this.playButton.title = label;
  }
}

function drawn(path) {
  const [svg, shape] = ["svg", "path"].map((it) => document.createElementNS("http://www.w3.org/2000/svg", it));
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  shape.setAttribute("d", path);
  shape.setAttribute("fill", "currentColor");
  svg.append(shape);
  return svg;
}

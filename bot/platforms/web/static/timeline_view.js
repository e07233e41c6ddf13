// Draws runs on one time axis. Names and titles are elements, so that they are read, scaled and
// wrapped as text; the bars are a canvas, so that ten thousand of them cost one frame.

import { element } from "./elements.js";
import { BLOCKED, READY, RUNNING, WAITING, lastAt, spanAt } from "./record.js";

const NARROW = 620; // narrower than this, names stand above their bars
const EDGE = 16; // room right of the axis, at least
const RING = 8; // radius of the mark of a lane that did not just end
const BRIEF = 2.5; // pixels of the briefest step that is seen
const CLOSEST = 200; // microseconds that fill the width at most
const dark = matchMedia("(prefers-color-scheme: dark)");
const forced = matchMedia("(forced-colors: active)");

export class TimelineView {
  constructor(figure, words) {
    this.words = words;
    this.runs = [];
    this.now = null;
    this.live = null;
    this.hot = null;
    this.chosen = null;
    this.arrows = null; // what draws them, once they are asked for
    this.view = { from: 0, to: 1 };
    this.whole = 1;
    this.element = element("div", "timeline-view");
    this.inner = element("div", "timeline-inner");
    this.rows = element("div", "timeline-rows");
    this.canvas = element("canvas");
    this.canvas.setAttribute("role", "img");
    this.later = element("div", "later");
    this.line = element("div", "now-line");
    this.inner.append(this.canvas, this.rows, this.later, this.line);
    this.element.append(this.inner);
    this.axis = element("canvas", "timeline-axis");
    this.axis.setAttribute("aria-hidden", "true");
    this.notes = element("p", "timeline-notes");
    figure.prepend(this.element, this.axis, this.notes);
    this.fonts = getComputedStyle(document.body).fontFamily;
    const redraw = () => this.refresh();
    new ResizeObserver(redraw).observe(this.element);
    new MutationObserver(redraw).observe(document.documentElement, { attributes: true });
    dark.addEventListener("change", redraw);
    forced.addEventListener("change", redraw);
  }

  // Show runs as they stand; `likely`: microseconds that they will take, as far as it is known.
  show(runs, { likely = 0, growing = false } = {}) {
    const shape = JSON.stringify(runs.map((run) => [run.title, run.lanes.map((it) => [it.id, it.name])]));
    this.runs = runs;
    const end = Math.max(1000, ...runs.map((run) => run.end));
    const expected = likely * 1.02; // until it takes longer, the scale stays as it is
    if (!growing) this.whole = end;
    else this.whole = end <= expected ? expected : roundUp(end);
    this.view = { from: 0, to: this.whole };
    if (shape !== this.shape) this.#build();
    this.shape = shape;
    this.#times();
    this.#name();
    this.refresh();
  }

  refresh() {
    if (!this.runs.length || !this.element.isConnected) return;
    this.width = this.element.clientWidth;
    if (!this.width) return;
    this.narrow = this.width < NARROW;
    this.element.classList.toggle("narrow", this.narrow);
    this.palette = palette(this.element);
    this.small = Math.max(12, parseFloat(getComputedStyle(document.documentElement).fontSize) * 0.75);
    this.#measure();
    this.draw();
  }

  #build() {
    const several = this.runs.length > 1;
    this.places = [];
    this.titles = [];
    this.rows.replaceChildren();
    const lanes = this.runs.reduce((sum, run) => sum + run.lanes.length, 0);
    this.element.classList.toggle("dense", lanes > 24);
    for (const run of this.runs) {
      if (several) {
        const title = element("div", "run-title");
        title.append(element("bdi", "", run.title), element("b", "run-time"));
        this.titles.push(title);
        this.rows.append(title);
      }
      for (const lane of run.lanes) {
        const row = element("div", `lane-row hue-${lane.hue}`);
        const name = element("button", "lane-name");
        name.type = "button";
        name.dataset.place = this.places.length;
        name.append(element("bdi", "", lane.name));
        row.dataset.depth = Math.min(lane.depth, 4);
        if (lane.kind === "thread") name.append(element("small", "", this.words.thread));
        row.append(name);
        this.rows.append(row);
        this.places.push({ row, lane, run });
      }
    }
  }

  // The lanes' values may be new though their rows are not.
  #times() {
    let place = 0;
    for (const [index, run] of this.runs.entries()) {
      if (this.titles[index]) {
        this.titles[index].querySelector(".run-time").textContent =
          run.running ? "" : this.words.at_seconds.replace("{seconds}", (run.elapsed / 1e6).toFixed(2));
      }
      for (const lane of run.lanes) Object.assign(this.places[place++], { lane, run });
    }
    const told = [];
    for (const run of this.runs) {
      if (run.hidden) told.push(this.words.hidden.replace("{count}", run.hidden));
      if (run.warnings.length) told.push(this.words.incomplete);
    }
    this.notes.textContent = told.join(" ");
    this.notes.hidden = told.length === 0;
  }

  #name() {
    const title = this.runs.map((run) => run.title).join(" · ");
    this.canvas.setAttribute("aria-label", this.words.timeline.replace("{title}", title));
  }

  #measure() {
    let widest = 0;
    for (const { row } of this.places) widest = Math.max(widest, row.firstChild.scrollWidth + 12 * row.dataset.depth);
    this.left = this.narrow ? 4 : Math.min(widest + 28, this.width * 0.32);
    this.rows.style.setProperty("--names", `${this.left - 8}px`);
    this.edge = this.#edge();
    this.plot = Math.max(40, this.width - this.left - this.edge);
    const { style } = this.element.parentElement; // the figure, which may be another than at first
    style.setProperty("--axis-from", `${this.left}px`);
    style.setProperty("--axis-length", `${this.plot}px`);
    for (const place of this.places) {
      const { row } = place;
      const tall = row.offsetHeight;
      place.height = this.narrow ? Math.min(20, tall / 2) : Math.round(tall * 0.62);
      place.top = row.offsetTop + (this.narrow ? tall - place.height - 4 : (tall - place.height) / 2);
    }
    this.height = this.rows.offsetHeight;
    fit(this.canvas, this.width, this.height);
    fit(this.axis, this.width, 26);
  }

  // Right of a lane that ends late stand the number of its last line and what it raised.
  #edge() {
    const pen = this.canvas.getContext("2d");
    pen.font = `${this.small}px ${this.fonts}`;
    const late = this.places.filter(({ lane }) => marked(lane) && lane.end > this.whole * 0.75);
    const rooms = late.map(({ lane }) => 4 * RING + (lane.error ? pen.measureText(lane.error).width : 0));
    return Math.min(Math.max(EDGE, ...rooms), this.width * 0.25);
  }

  x(at) {
    return this.left + ((at - this.view.from) / (this.view.to - this.view.from)) * this.plot;
  }

  at(x) {
    const share = (x - this.left) / this.plot;
    return Math.min(Math.max(this.view.from + share * (this.view.to - this.view.from), 0), this.whole);
  }

  draw() {
    const pen = this.canvas.getContext("2d");
    prepare(pen, this.width, this.height);
    const ticks = this.#ticks();
    pen.fillStyle = this.palette.line;
    for (const at of ticks.at) pen.fillRect(Math.round(this.x(at)), 0, 1, this.height);
    pen.save();
    pen.beginPath();
    pen.rect(this.left - 2, 0, this.plot + this.edge + 2, this.height);
    pen.clip();
    for (const place of this.places) this.#lane(pen, place);
    this.arrows?.(this, pen);
    pen.restore();
    this.#labels(ticks);
    this.#cursor();
  }

  #ticks() {
    const { from, to } = this.view;
    const step = niceStep((to - from) / Math.max(2, Math.floor(this.plot / 90)));
    const at = [];
    for (let it = Math.ceil(from / step) * step; it <= to + step / 1000; it += step) at.push(it);
    return { at, step };
  }

  #labels({ at, step }) {
    const pen = this.axis.getContext("2d");
    prepare(pen, this.width, 26);
    pen.font = `${this.small}px ${this.fonts}`;
    pen.fillStyle = this.palette.faint;
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    const milli = this.view.to < 100_000;
    const digits = Math.max(0, Math.ceil(-Math.log10(step / (milli ? 1e3 : 1e6)) - 1e-9));
    for (const it of at) {
      const label = (it / (milli ? 1e3 : 1e6)).toFixed(digits) + (milli ? this.words.milli : this.words.unit);
      const half = pen.measureText(label).width / 2;
      const x = Math.min(Math.max(this.x(it), half), this.width - half - 1);
      pen.fillText(label, x, 13);
    }
  }

  #lane(pen, { lane, run, top, height }) {
    const end = this.#endOf(lane, run);
    if (lane.kind === "thread") this.#rails(pen, lane, end, top, height);
    const first = Math.max(0, lastAt(lane.spans, this.view.from, (it) => it.start));
    const brief = [];
    const labels = this.#numbers(pen, lane, top, height);
    for (let i = first; i < lane.spans.length; i++) {
      const span = lane.spans[i];
      if (span.start > this.view.to) break;
      const x0 = this.x(span.start);
      const open = span === lane.spans.at(-1) && !lane.how && run.running;
      const x1 = this.x(open ? end : span.end);
      if (x1 - x0 < BRIEF) {
        if (span.kind === RUNNING || span.kind === BLOCKED) brief.push(span, x0);
        continue;
      }
      this.#bar(pen, span, x0, x1 - x0, top, height);
      if (span.on && span.kind !== RUNNING && x1 - x0 > 40) this.#wait(pen, span, x0, x1, top, height, labels);
    }
    let last = -1;
    for (let i = 0; i < brief.length; i += 2) {
      const x = Math.round(brief[i + 1]);
      if (x !== last) this.#bar(pen, brief[i], x - 1, BRIEF, top, height);
      last = x;
    }
    this.#marks(pen, lane, labels, top, height);
    if (marked(lane)) this.#ending(pen, lane, labels.at(-1), top, height);
  }

  #endOf(lane, run) {
    return run.running && this.live !== null ? Math.max(run.end, this.live) : lane.end;
  }

  #bar(pen, span, x, width, top, height) {
    const { palette } = this;
    const hue = palette.hues[span.lane.hue];
    const slim = span.kind === WAITING || span.kind === READY ? Math.round(height * 0.18) : 0;
    const [y, tall] = [top + slim, height - 2 * slim];
    pen.fillStyle = span.kind === RUNNING ? hue : palette.pattern(span.kind, hue);
    pen.fillRect(x, y, width, tall);
    if (slim && width > 3) {
      pen.strokeStyle = span.kind === READY ? palette.ready : hue;
      pen.lineWidth = 1;
      pen.strokeRect(x + 0.5, y + 0.5, width - 1, tall - 1);
    }
    const hot = this.hot && this.hot.run === span.lane.run && this.hot.line === span.line;
    if (hot || this.chosen === span) {
      pen.strokeStyle = palette.ink;
      pen.lineWidth = this.chosen === span ? 2.5 : 1.5;
      pen.strokeRect(x - 1, y - 2, Math.max(width, 4) + 2, tall + 4);
    }
  }

  #rails(pen, lane, end, top, height) {
    pen.fillStyle = this.palette.hues[lane.hue];
    const [x0, x1] = [this.x(lane.start), this.x(end)];
    pen.fillRect(x0, top - 3, Math.max(2, x1 - x0), 1);
    pen.fillRect(x0, top + height + 2, Math.max(2, x1 - x0), 1);
  }

  // What a wait is for, in the widest part of its bar that no number takes.
  #wait(pen, span, x0, x1, top, height, labels) {
    pen.font = `${this.small}px ${this.fonts}`;
    let from = Math.max(x0, this.left);
    const to = Math.min(x1, this.left + this.plot);
    for (const label of labels) if (label.x < to && label.right > from) from = label.right;
    const room = to - from - 12;
    const text = this.#named(pen, span.on, room);
    if (!text) return;
    const width = pen.measureText(text).width;
    const middle = (from + to) / 2;
    pen.fillStyle = this.palette.card;
    pen.fillRect(middle - width / 2 - 4, top + height / 2 - this.small * 0.65, width + 8, this.small * 1.3);
    pen.fillStyle = this.palette.ink;
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    pen.fillText(text, middle, top + height / 2 + 1);
  }

  // As in the pictures that are files: "sleep(0.25)", else "0.25 s"; "Queue.get", else "get".
  #named(pen, on, room) {
    const fits = (text) => pen.measureText(text).width <= room;
    if (fits(on)) return on;
    const slept = /^sleep\(([\d.]+)\)$/.exec(on)?.[1];
    if (slept) return fits(slept + this.words.unit) ? slept + this.words.unit : "";
    return shortened(pen, on.replace(/^(task|thread) |.*\./, ""), room);
  }

  // The numbers beside printed lines; those that stand too close share a label.
  #numbers(pen, lane) {
    pen.font = `600 ${this.small}px ${this.fonts}`;
    const groups = [];
    for (let i = Math.max(0, lastAt(lane.prints, this.view.from, (it) => it.at)); i < lane.prints.length; i++) {
      const print = lane.prints[i];
      if (print.at > this.view.to) break;
      const x = this.x(print.at);
      const group = groups.at(-1);
      if (group && x < group.right + 4) {
        group.last = print.number;
        group.together = group.together && print.number === group.before + 1;
        group.before = print.number;
        if (x > group.ticks.at(-1) + 2) group.ticks.push(x);
        group.x = x;
      } else {
        groups.push({
          first: print.number, last: print.number, before: print.number, together: true, ticks: [x], x,
        });
      }
      const now = groups.at(-1);
      const joint = now.together ? "–" : "…";
      now.text = now.first === now.last ? `${now.first}` : `${now.first}${joint}${now.last}`;
      const wide = pen.measureText(now.text).width + 12;
      const sign = marked(lane) ? this.x(lane.end) + RING - now.x : 0; // where the lane's sign ends
      now.gap = sign > 0 && sign - 2 * RING < wide ? sign : 0;
      now.right = now.x + now.gap + wide;
    }
    return groups;
  }

  #marks(pen, lane, labels, top, height) {
    pen.font = `600 ${this.small}px ${this.fonts}`;
    pen.textAlign = "left";
    pen.textBaseline = "middle";
    for (const { ticks, x, text, gap, right } of labels) {
      pen.fillStyle = this.palette.ink;
      for (const tick of ticks) pen.fillRect(Math.round(tick) - 1, top - 3, 2, height + 6);
      const over = right > this.width;
      const at = over ? ticks[0] - (right - x) + 3 : x + gap + 3;
      pen.fillStyle = this.palette.card;
      pen.fillRect(at + 1, top + height / 2 - this.small * 0.65, right - x - gap - 6, this.small * 1.3);
      pen.fillStyle = this.palette.ink;
      pen.fillText(text, at + 3, top + height / 2 + 1);
    }
  }

  // A crossed ring for a cancellation, a disc with a stroke for an exception, where it happened.
  #ending(pen, lane, last, top, height) {
    const [x, y, r] = [this.x(lane.end), top + height / 2, Math.min(RING, height / 2)];
    pen.lineWidth = 2;
    pen.beginPath();
    pen.arc(x, y, r, 0, 7);
    if (lane.how === "failed") {
      pen.fillStyle = this.palette.blocked;
      pen.fill();
      pen.fillStyle = this.palette.card;
      pen.fillRect(x - 1, y - r + 3, 2, r);
      pen.fillRect(x - 1, y + r - 5, 2, 2);
    } else {
      pen.fillStyle = this.palette.card;
      pen.fill();
      pen.strokeStyle = this.palette.cancelled;
      pen.stroke();
      pen.beginPath();
      pen.moveTo(x - r * 0.6, y + r * 0.6);
      pen.lineTo(x + r * 0.6, y - r * 0.6);
      pen.stroke();
    }
    if (!lane.error) return;
    pen.font = `${this.small}px ${this.fonts}`;
    const from = last?.gap && last.right <= this.width ? last.right : x + r + 4;
    const text = shortened(pen, lane.error, this.width - from - 2);
    pen.fillStyle = this.palette.ink;
    pen.textAlign = "left";
    pen.textBaseline = "middle";
    if (text) pen.fillText(text, from, y + 1);
  }

  // The now-line is an element: to move it costs no drawing.
  moveTo(at) {
    this.now = at;
    this.#cursor();
  }

  #cursor() {
    const shown = this.now !== null && this.runs.length > 0;
    this.line.hidden = this.later.hidden = !shown;
    if (!shown || this.left === undefined) return;
    const x = Math.min(Math.max(this.x(this.now), this.left - 4), this.width);
    this.line.style.transform = this.later.style.transform = `translateX(${x}px)`;
  }

  // Runs under way go on between two updates.
  grow(at) {
    this.live = at;
    if (at > this.whole) this.whole = this.view.to = roundUp(at * 1.2);
    this.now = at;
    this.draw();
  }

  zoom(factor, around = this.now ?? this.whole / 2) {
    const size = Math.min(this.whole, Math.max(CLOSEST, (this.view.to - this.view.from) * factor));
    const share = Math.min(Math.max((around - this.view.from) / (this.view.to - this.view.from), 0), 1);
    this.look(around - share * size, size);
  }

  look(from, size = this.view.to - this.view.from) {
    const start = Math.min(Math.max(0, from), this.whole - size);
    this.view = { from: start, to: start + size };
    this.draw();
  }

  get zoomed() {
    return this.view.to - this.view.from < this.whole * 0.999;
  }

  // Keep a moment in sight while it moves.
  follow(at) {
    const size = this.view.to - this.view.from;
    if (this.zoomed && (at < this.view.from || at > this.view.to - size * 0.05)) this.look(at - size * 0.2);
  }

  // What lies under a pointer: a lane, a moment, and the span there if any.
  under(event) {
    const box = this.inner.getBoundingClientRect();
    const [x, y] = [event.clientX - box.left, event.clientY - box.top];
    const place = this.places.find(({ row }) => y >= row.offsetTop && y < row.offsetTop + row.offsetHeight);
    const at = this.at(x);
    if (!place || x < this.left - 4) return { at: x < this.left ? null : at, lane: null, span: null };
    const around = (BRIEF * 1.5 * (this.view.to - this.view.from)) / this.plot;
    const spans = place.lane.spans;
    const close = spans[lastAt(spans, at + around, (it) => it.start)];
    const step = close && close.kind === RUNNING && close.end >= at - around ? close : null;
    return { at, lane: place.lane, span: step ?? spanAt(place.lane, at) };
  }

}

function marked(lane) {
  return Boolean(lane.how) && lane.how !== "done";
}

function fit(canvas, width, height) {
  const scale = devicePixelRatio;
  const [wide, tall] = [Math.round(width * scale), Math.round(height * scale)];
  if (canvas.width === wide && canvas.height === tall) return;
  [canvas.width, canvas.height] = [wide, tall];
  canvas.style.width = `${width}px`;
  canvas.style.height = `${height}px`;
}

function prepare(pen, width, height) {
  pen.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
  pen.clearRect(0, 0, width, height);
}

function shortened(pen, text, room) {
  if (room < 24) return "";
  if (pen.measureText(text).width <= room) return text;
  let kept = Math.floor((text.length * room) / pen.measureText(text).width);
  while (kept > 2 && pen.measureText(`${text.slice(0, kept)}…`).width > room) kept -= 1;
  return kept > 2 ? `${text.slice(0, kept)}…` : "";
}

function niceStep(least) {
  const power = 10 ** Math.floor(Math.log10(least));
  return [1, 2, 5, 10].map((it) => it * power).find((it) => it >= least * 0.999);
}

function roundUp(micro) {
  return niceStep(micro);
}

// Colours come from the page's style, so that themes and forced colours hold here, too. What a custom
// property stands for in light or dark is known where it is an element's colour.
function palette(ground) {
  const probe = ground.appendChild(element("i"));
  probe.style.forcedColorAdjust = "none";
  const colour = (name) => {
    probe.style.color = `var(--${name})`;
    return getComputedStyle(probe).color;
  };
  const patterns = new Map();
  const found = {
    ink: colour("ink"),
    faint: colour("faint"),
    line: colour("line"),
    card: colour("card"),
    ready: colour("ready"),
    blocked: colour("blocked"),
    cancelled: colour("cancelled"),
    hues: Array.from({ length: 9 }, (_, index) => colour(`hue-${index}`)),
    pattern(kind, hue) {
      const key = `${kind} ${hue}`;
      if (!patterns.has(key)) patterns.set(key, texture(kind, hue, found));
      return patterns.get(key);
    },
  };
  probe.remove();
  return found;
}

function texture(kind, hue, colours) {
  const size = 8;
  const scale = devicePixelRatio;
  const tile = document.createElement("canvas");
  tile.width = tile.height = size * scale;
  const pen = tile.getContext("2d");
  pen.scale(scale, scale);
  const ink = kind === READY ? colours.ready : kind === BLOCKED ? colours.blocked : hue;
  pen.fillStyle = kind === BLOCKED ? ink : colours.card;
  pen.fillRect(0, 0, size, size);
  pen.globalAlpha = kind === BLOCKED ? 1 : 0.14;
  pen.fillStyle = ink;
  pen.fillRect(0, 0, size, size);
  pen.globalAlpha = kind === WAITING ? 0.6 : 1;
  pen.strokeStyle = kind === BLOCKED ? colours.card : ink;
  pen.lineWidth = 1.4;
  if (kind === READY) {
    for (const [x, y] of [[2, 2], [6, 6]]) {
      pen.beginPath();
      pen.arc(x, y, 1.3, 0, 7);
      pen.fill();
    }
  } else {
    pen.beginPath();
    for (const shift of [-size, 0, size]) {
      pen.moveTo(shift, size);
      pen.lineTo(shift + size, 0);
      if (kind === BLOCKED) {
        pen.moveTo(shift, 0);
        pen.lineTo(shift + size, size);
      }
    }
    pen.stroke();
  }
  const pattern = pen.createPattern(tile, "repeat");
  pattern.setTransform(new DOMMatrix().scale(1 / scale));
  return pattern;
}

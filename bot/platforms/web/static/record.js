// A run as the server lays it out (bot/timeline/replay.py), and what was so at each moment of it.
// Times are whole microseconds.

export const RUNNING = 0;
export const WAITING = 1;
export const READY = 2;
export const BLOCKED = 3;
const NONE = -1;
const CLOCK = -2;
const IO = -3;
const NUMBERS_OF_A_SPAN = 8;
const NUMBERS_OF_A_LINE = 4;
const LATE = 20_000; // being ready for longer than this is worth a word
export const EVENT_LOOP = "event loop"; // what the main thread waits in while asyncio runs

export function decode(raw) {
  const text = (place) => (place < 0 ? "" : raw.texts[place]);
  const lanes = raw.lanes.map((it) => {
    const lane = { ...it, error: text(it.error) };
    lane.spans = [];
    for (let i = 0; i < it.spans.length; i += NUMBERS_OF_A_SPAN) {
      const [kind, start, end, line, on, by, due, cancelled] = it.spans.slice(i, i + NUMBERS_OF_A_SPAN);
      const place = lane.spans.length;
      lane.spans.push({ kind, start, end, line, on: text(on), by, due, cancelled, lane, place });
    }
    lane.prints = [];
    for (let i = 0; i < it.prints.length; i += NUMBERS_OF_A_LINE) {
      const [at, number, line, said] = it.prints.slice(i, i + NUMBERS_OF_A_LINE);
      lane.prints.push({ at, number, line, text: text(said), lane });
    }
    return lane;
  });
  const run = { ...raw, lanes, byId: new Map(lanes.map((lane) => [lane.id, lane])) };
  for (const lane of lanes) lane.run = run;
  run.prints = lanes.flatMap((lane) => lane.prints).sort((a, b) => a.number - b.number);
  return run;
}

// The place of the last item whose key is not after `at`; -1 for none.
export function lastAt(items, at, key) {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (key(items[middle]) <= at) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

export function spanAt(lane, at) {
  const span = lane.spans[lastAt(lane.spans, at, (it) => it.start)];
  if (!span || (at >= lane.end && (lane.how || at > lane.end))) return null;
  return span;
}

// The code's line that a lane stands at: where it waits, or what it ran last.
export function lineAt(lane, at) {
  const span = spanAt(lane, at);
  if (!span) return NONE;
  if (span.kind === RUNNING || span.kind === BLOCKED) {
    const print = lane.prints[lastAt(lane.prints, at, (it) => it.at)];
    if (print && print.at >= span.start && print.line > 0) return print.line;
  }
  return span.line;
}

export function printedBy(run, at) {
  let count = 0;
  for (const lane of run.lanes) count += lastAt(lane.prints, at, (it) => it.at) + 1;
  return count;
}

// Everything that can be stepped through, in the order of time.
export function moments(runs) {
  const found = runs.flatMap((run) => [
    { at: 0, kind: "begins", run },
    ...run.lanes.flatMap((lane) => [...ofLane(lane)]),
    { at: run.end, kind: "end", run },
  ]);
  return found.sort((a, b) => a.at - b.at || RANK[a.kind] - RANK[b.kind]);
}

const RANK = {
  begins: 0, done: 1, failed: 1, ended_cancelled: 1, born: 2, ready: 3, runs: 4, prints: 5, waits: 6,
  blocked: 6, end: 9,
};

function* ofLane(lane) {
  const { run } = lane;
  if (lane.kind !== "main") yield { at: lane.start, kind: "born", lane, run };
  for (const span of lane.spans) {
    const before = lane.spans[span.place - 1];
    if (span.kind === WAITING) yield { at: span.start, kind: "waits", lane, run, span };
    if (span.kind === BLOCKED) yield { at: span.start, kind: "blocked", lane, run, span };
    if (span.kind === READY && before && span.end - span.start >= LATE) {
      yield { at: span.start, kind: "ready", lane, run, span };
    }
    if (span.kind === RUNNING && (before ? before.kind !== RUNNING : lane.kind !== "main")) {
      yield { at: span.start, kind: "runs", lane, run, span };
    }
  }
  for (const print of lane.prints) yield { at: print.at, kind: "prints", lane, run, print };
  if (lane.how && lane.kind !== "main") {
    const kind = lane.how === "cancelled" ? "ended_cancelled" : lane.how;
    yield { at: lane.end, kind, lane, run };
  }
}

// What just happened and why, in one sentence of `words.moments`.
export function told(moment, words) {
  const { lane, run, span } = moment;
  const fill = (kind, values = {}) =>
    words.moments[kind].replace(/\{(\w+)\}/g, (_, name) => ({ lane: lane?.name, ...values })[name]);
  const named = (id) => run.byId.get(id)?.name ?? "?";
  switch (moment.kind) {
    case "begins":
    case "done":
    case "ended_cancelled":
      return fill(moment.kind);
    case "born":
      if (!run.byId.has(lane.parent)) return fill("created");
      return fill(lane.kind === "thread" ? "started" : "born", { by: named(lane.parent) });
    case "failed":
      return fill("failed", { error: lane.error });
    case "prints":
      return fill("prints", { number: moment.print.number, text: moment.print.text });
    case "end":
      return fill("end", { seconds: seconds(run.elapsed) });
    case "ready": {
      const busy = busiest(span);
      return fill(busy ? "ready" : "behind", { busy: busy?.name });
    }
    case "blocked":
      return fill("blocked");
    case "waits":
      if (span.on === EVENT_LOOP) return fill("event_loop");
      return fill(lane.kind === "task" ? "waits" : "thread_waits", { on: span.on || "…" });
    default:
      return whyItRuns(moment, fill, named);
  }
}

function whyItRuns({ lane, span }, fill, named) {
  const before = lane.spans[span.place - 1];
  const ready = before?.kind === READY ? before : null;
  const wait = ready ? lane.spans[span.place - 2] : before;
  if (!wait) return fill("first");
  const by = span.by;
  const late = ready && ready.end - ready.start >= LATE ? seconds(ready.end - ready.start) : "";
  if (span.cancelled && by >= 0) return fill("cancelled", { by: named(by), on: wait.on || "…" });
  if (by === CLOCK) {
    if (!late) return fill("timer");
    const busy = busiest(ready);
    return fill(busy ? "timer_late" : "timer_behind", { late, busy: busy?.name });
  }
  if (by === IO) return fill("io", { on: wait.on || "…" });
  if (by < 0 || by === lane.id) return fill("goes_on");
  return fill(late ? "woken_late" : "woken", { by: named(by), on: wait.on || "…", late });
}

// The lane that ran longest while another was ready; null where none did.
function busiest(ready) {
  let best = null;
  let most = LATE / 2;
  for (const lane of ready.lane.run.lanes) {
    if (lane === ready.lane) continue;
    let ran = 0;
    for (let i = Math.max(0, lastAt(lane.spans, ready.start, (it) => it.start)); i < lane.spans.length; i++) {
      const span = lane.spans[i];
      if (span.start >= ready.end) break;
      if (span.kind !== RUNNING && span.kind !== BLOCKED) continue;
      ran += Math.max(0, Math.min(span.end, ready.end) - Math.max(span.start, ready.start));
    }
    if (ran > most) [best, most] = [lane, ran];
  }
  return best;
}

// What one span was: how long, on what it waited, who ended it.
export function spanTold(span, words) {
  const state = words.states[["running", "waiting", "ready", "blocked"][span.kind]];
  const values = {
    lane: span.lane.name,
    what: span.on && span.on !== EVENT_LOOP ? `${state} (${span.on})` : state,
    seconds: seconds(span.end - span.start),
    from: seconds(span.start),
    to: seconds(span.end),
  };
  const parts = [words.selected.replace(/\{(\w+)\}/g, (_, name) => values[name])];
  const next = span.lane.spans[span.place + 1];
  if (span.kind === WAITING && next) {
    if (next.by === CLOCK) parts.push(words.by_timer);
    else if (next.by === IO) parts.push(words.by_io);
    else if (next.by >= 0 && next.by !== span.lane.id) {
      parts.push(words.ended_by.replace("{by}", span.lane.run.byId.get(next.by)?.name ?? "?"));
    }
  }
  if (span.line > 0) parts.push(words.in_line.replace("{line}", span.line));
  return parts.join(" · ");
}

export function seconds(micro) {
  return (micro / 1e6).toFixed(3);
}

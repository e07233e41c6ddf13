// The loop's notional machine at one moment: who is ready, who sleeps until when, who waits on what.

import { element } from "./elements.js";
import { EVENT_LOOP, READY, WAITING, seconds, spanAt } from "./record.js";

const MOST = 12; // lanes of one run in one column

export function loopColumns(runs, at, words) {
  const whole = runs.map((run) => [run, loopAt(run, at)]);
  const column = (title, key, more) => {
    const box = element("section");
    const list = element("ul");
    box.append(element("h4", "", title), list);
    for (const [run, state] of whole) {
      for (const it of state[key].slice(0, MOST)) {
        const item = element("li", `hue-${it.lane.hue}`);
        item.append(element("bdi", "", runs.length > 1 ? `${run.title}: ${it.lane.name}` : it.lane.name));
        const told = more(it);
        if (told) item.append(element("small", "", told));
        list.append(item);
      }
    }
    if (!list.children.length) list.append(element("li", "nobody", words.nobody));
    return box;
  };
  return [
    column(words.ready, "ready", () => ""),
    column(words.timers, "timers", ({ due }) => words.due.replace("{at}", words.at.replace("{at}", seconds(due)))),
    column(words.waiting, "waiting", ({ on }) => on),
  ];
}

function loopAt(run, at) {
  const state = { ready: [], timers: [], waiting: [] };
  for (const lane of run.lanes) {
    const span = spanAt(lane, at);
    if (!span || (span.on === EVENT_LOOP && lane.kind === "main")) continue;
    if (span.kind === READY) state.ready.push({ lane });
    if (span.kind !== WAITING) continue;
    if (span.due >= 0) state.timers.push({ lane, due: span.due });
    else state.waiting.push({ lane, on: span.on });
  }
  state.timers.sort((a, b) => a.due - b.due);
  return state;
}

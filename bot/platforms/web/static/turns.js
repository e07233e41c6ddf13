// The conversation: one turn is a question and its answer, which grows by patches.

import { markLines, openForms } from "./loading.js";
import { fragment } from "./markup.js";
import { note as noteProgress } from "./progress.js";
import { base, embedded, language, root, words } from "./site.js";
import { events } from "./stream.js";
import { Talk } from "./talks.js";
import { decorate } from "./tools.js";
import { Workbench } from "./workbench.js";

const runs = new Set(document.body.dataset.runs.split(" "));
const list = document.getElementById("turns");
const status = document.getElementById("status");
const open = new Set();
const talk = new Talk();
let lastRun = Promise.resolve();

export function stopAll() {
  for (const controller of open) controller.abort();
}

// Ask by address or by typed text; `guess` is a prediction. Tells `busy` how many answers are open.
// Returns the turn, once it is answered.
export async function ask(what, { busy, focus }) {
  const { path = "", text = "", code = "", guess = null, answer: handedIn = "" } = what;
  const asked = text || (code && "/try") || decodeURIComponent(path.slice(base.length)).replace(/[/,]/g, " ").trim();
  const turn = what.turn ?? newTurn(asked, focus);
  const answer = turn.querySelector(".answer");
  answer.replaceChildren();
  const controller = new AbortController();
  open.add(controller);
  busy(open.size);
  answer.setAttribute("aria-busy", "true");
  status.textContent = words.working;
  const bench = new Workbench(answer, words.replay);
  const kept = { parts: [], records: null, failed: true };
  let failed = true;
  const body = { path, text, lang: language, ...(embedded && { embedded }), ...(code && { code }), ...(guess && { guess }), ...(handedIn && { answer: handedIn }) };
  const alone = guess || code || handedIn || runs.has(asked.replace(/^\//, "").split(/[\s/]/)[0]);
  try {
    failed = await (alone ? inTurn : (act) => act())(async () => {
      controller.signal.throwIfAborted();
      const response = await fetch(`${root}/api/ask`, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify(body),
        signal: controller.signal,
      });
      return await shown(response, turn, answer, bench, kept);
    }, answer);
    status.textContent = failed ? words.failed : words.done;
  } catch (error) {
    const stopped = controller.signal.aborted;
    say(answer, stopped ? words.stopped : words.lost, stopped ? "info" : "error");
    failed = !stopped;
  } finally {
    open.delete(controller);
    busy(open.size);
    answer.removeAttribute("aria-busy");
    turn.classList.toggle("failed", failed);
    bench.end();
    if (kept.path) talk.keep(Number(turn.dataset.turn), { ...kept, failed });
    if (kept.path && !failed) noteProgress(kept.path);
  }
  await markLines(turn);
  return turn;
}

// A learner may run one thing at a time: what is asked meanwhile waits, and says so.
async function inTurn(act, answer) {
  const before = lastRun;
  let over;
  lastRun = new Promise((resolve) => (over = resolve));
  try {
    if (open.size > 1) say(answer, words.pending, "info");
    await before;
    answer.replaceChildren();
    return await act();
  } finally {
    over();
  }
}

async function shown(response, turn, answer, bench, kept) {
  if (response.headers.get("Content-Type").startsWith("text/event-stream")) {
    return await show(turn, bench, response, kept);
  }
  const { html, lang } = await response.json();
  if (lang) location.search = `?lang=${lang}`;
  answer.replaceChildren(fragment(html ?? ""));
  return !response.ok;
}

async function show(turn, bench, response, kept) {
  let final = false;
  let failed = false;
  for await (const { name, data } of events(response)) {
    if (name === "begin") {
      Object.assign(kept, data);
      begin(turn, data);
    } else if (name === "record") {
      kept.records = data;
    } else {
      for (const [index, html] of data.set) kept.parts[index] = html;
      kept.parts.length = data.count;
      await apply(bench, data, kept.records, turn);
      ({ final, failed } = data);
    }
  }
  if (!final) throw new Error("the answer broke off");
  if (bench.pictureless && !failed) say(bench.answer, words.pictureless, "error");
  kept.parts = bench.parts.map((part, index) => kept.parts[index] ?? part.innerHTML);
  for (const [index, part] of bench.parts.entries()) {
    const lines = part.querySelector(":scope > .sequence");
    if (lines) kept.parts[index] = lines.outerHTML; // it grew line by line
  }
  return failed;
}

function begin(turn, { path, command, answer }) {
  turn.dataset.path = path;
  turn.dataset.answer = answer;
  turn.querySelector(".asked code").textContent = command;
  const number = Number(turn.dataset.turn);
  if (history.state?.turn !== number) talk.go(number, `${path}?lang=${language}`);
  look(turn);
}

// The address bar, the title and the list of lessons follow the turn that is looked at.
function look(turn) {
  const { path } = turn.dataset;
  if (!path) return;
  const command = turn.querySelector(".asked code").textContent;
  document.title = turn.matches(".first") ? words.title : `${command} · ${words.title}`;
  for (const link of document.querySelectorAll(".languages a")) {
    link.href = `${path}?lang=${link.lang}`;
  }
  for (const link of document.querySelectorAll(".course a")) {
    if (link.pathname === path) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
}

async function apply(bench, { set, add, draw, count }, records, turn) {
  const name = nameOf(turn);
  for (const [index, html] of set) {
    const part = bench.part(index);
    part.replaceChildren(fragment(html));
    decorate(part, name);
    openForms(part);
  }
  if (count) bench.part(count - 1);
  bench.arrange(count);
  for (const [index, html] of add) {
    const sequence = bench.part(index).querySelector(".sequence");
    sequence.querySelector("ol").append(fragment(html));
    sequence.scrollTop = sequence.scrollHeight;
  }
  for (const [index, drawn, likely] of draw) await bench.draw(index, drawn, likely);
  for (const [index, record] of Object.entries(records ?? {})) await bench.replay(Number(index), record, name);
}

function nameOf(turn) {
  const last = decodeURIComponent(turn.dataset.path ?? "").split("/").at(-1);
  return last.replace(/[^\w.-]+/g, "_") || "asyncio";
}

function newTurn(question, focus) {
  const turn = fragment(
    '<article class="turn"><h2 class="asked" tabindex="-1"><span class="sr-only"></span>' +
      '<code></code></h2><div class="answer"></div></article>',
  ).firstElementChild;
  turn.querySelector(".sr-only").textContent = `${words.you}: `;
  turn.querySelector("code").textContent = question;
  turn.dataset.turn = list.children.length;
  list.append(turn);
  turn.scrollIntoView({ block: "start" });
  if (focus) turn.querySelector(".asked").focus({ preventScroll: true });
  return turn;
}

function say(answer, sentence, tone) {
  const told = document.createElement("p");
  told.className = `note ${tone}`;
  told.textContent = sentence;
  answer.append(told);
  status.textContent = sentence;
}

// Show what was there before: true where this page is one that the browser came back to.
export async function restore() {
  const first = list.querySelector(".turn");
  if (first) first.dataset.turn = 0;
  if (!talk.known) return false;
  const here = history.state.turn;
  if (!talk.turns[here] && !(here === 0 && first?.dataset.answer !== "run")) return false;
  if (first && !(talk.turns[0] === undefined || talk.turns[0] === null)) first.remove();
  for (const [number, kept] of talk.turns.entries()) {
    if (!kept) continue;
    const turn = newTurn(kept.command, false);
    turn.dataset.turn = number;
    Object.assign(turn.dataset, { path: kept.path, answer: kept.answer });
    turn.classList.toggle("failed", kept.failed);
    const bench = new Workbench(turn.querySelector(".answer"), words.replay);
    const set = kept.parts.map((html, index) => [index, html]);
    await apply(bench, { set, add: [], draw: [], count: set.length }, kept.records, turn);
    await markLines(turn);
  }
  reach(here);
  return true;
}

export function reach(number) {
  const turn = list.querySelector(`[data-turn="${number}"]`);
  turn?.scrollIntoView({ block: "start" });
  if (turn) look(turn);
  return Boolean(turn);
}

// The conversation: one turn is a question and its answer, which grows by patches.

import { fragment } from "./markup.js";
import { events } from "./stream.js";

const words = JSON.parse(document.body.dataset.words);
const language = document.documentElement.lang;
const list = document.getElementById("turns");
const status = document.getElementById("status");
const open = new Set();

export function stopAll() {
  for (const controller of open) controller.abort();
}

// Ask by address or by typed text; `guess` is a prediction. Tells `busy` how many answers are open.
export async function ask(
  { path = "", text = "", code = "", guess = null, answer: handedIn = "", turn = null },
  { busy, focus },
) {
  turn ??= newTurn(text || (code && "/try") || decodeURIComponent(path).replace(/[/,]/g, " ").trim(), focus);
  const answer = turn.querySelector(".answer");
  answer.querySelector("noscript")?.remove(); // parts count from the first child
  const controller = new AbortController();
  open.add(controller);
  busy(open.size);
  answer.setAttribute("aria-busy", "true");
  status.textContent = words.working;
  let failed = true;
  try {
    const body = { path, text, lang: language, ...(code && { code }), ...(guess && { guess }), ...(handedIn && { answer: handedIn }) };
    const response = await fetch("/api/ask", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
      signal: controller.signal,
    });
    if (response.headers.get("Content-Type").startsWith("text/event-stream")) {
      failed = await show(turn, answer, response);
    } else {
      const { html, lang } = await response.json();
      if (lang) location.search = `?lang=${lang}`;
      answer.replaceChildren(fragment(html ?? ""));
      failed = !response.ok;
    }
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
    if (watched(turn)) stick(true);
  }
}

async function show(turn, answer, response) {
  let final = false;
  let failed = false;
  for await (const { name, data } of events(response)) {
    if (name === "begin") {
      begin(turn, data);
      continue;
    }
    const stuck = watched(turn) && atEnd();
    apply(answer, data);
    stick(stuck);
    ({ final, failed } = data);
  }
  if (!final) throw new Error("the answer broke off");
  return failed;
}

function begin(turn, { path, command, answer }) {
  turn.dataset.path = path;
  turn.dataset.answer = answer;
  turn.querySelector(".asked code").textContent = command;
  if (location.pathname !== path) history.pushState(null, "", `${path}?lang=${language}`);
  for (const link of document.querySelectorAll(".languages a")) {
    link.href = `${path}?lang=${link.lang}`;
  }
  for (const link of document.querySelectorAll(".course a")) {
    if (link.pathname === path) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
}

// A run is watched as it grows: the page stays at its end.
function watched(turn) {
  return turn.dataset.answer === "run";
}

function apply(answer, { set, add, count }) {
  while (answer.children.length < count) {
    const part = document.createElement("div");
    part.className = "part";
    answer.append(part);
  }
  while (answer.children.length > count) answer.lastElementChild.remove();
  for (const [index, html] of set) {
    answer.children[index].replaceChildren(fragment(html));
    decorate(answer.children[index]);
  }
  for (const [index, html] of add) {
    const sequence = answer.children[index].querySelector(".sequence");
    sequence.querySelector("ol").append(fragment(html));
    sequence.scrollTop = sequence.scrollHeight;
  }
}

function newTurn(question, focus) {
  const turn = fragment(
    '<article class="turn"><h2 class="asked" tabindex="-1"><span class="sr-only"></span>' +
      '<code></code></h2><div class="answer"></div></article>',
  ).firstElementChild;
  turn.querySelector(".sr-only").textContent = `${words.you}: `;
  turn.querySelector("code").textContent = question;
  list.append(turn);
  turn.scrollIntoView({ block: "start" });
  if (focus) turn.querySelector(".asked").focus({ preventScroll: true });
  return turn;
}

function say(answer, sentence, tone) {
  const note = document.createElement("p");
  note.className = `note ${tone}`;
  note.textContent = sentence;
  answer.append(note);
  status.textContent = sentence;
}

function atEnd() {
  const page = document.scrollingElement;
  return page.scrollHeight - page.scrollTop - page.clientHeight < 160;
}

function stick(stuck) {
  if (stuck) document.scrollingElement.scrollTop = document.scrollingElement.scrollHeight;
}

// Give each block of code a button that copies it, where the browser allows that.
export function decorate(part) {
  if (!navigator.clipboard) return;
  for (const code of part.querySelectorAll(".code:not(:has(.copy))")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "copy";
    button.textContent = words.copy;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(code.querySelector("pre").textContent);
      button.textContent = status.textContent = words.copied;
      setTimeout(() => (button.textContent = words.copy), 2000);
    });
    code.append(button);
  }
}

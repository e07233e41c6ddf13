// Names while one types: a combobox as https://www.w3.org/WAI/ARIA/apg/patterns/combobox/ has it.

import { language, root } from "./site.js";

const PAUSE = 120; // milliseconds of not typing before the server is asked

export function suggest(input, label, submit) {
  const list = document.createElement("ul");
  list.id = "suggestions";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", label);
  list.hidden = true;
  input.before(list);
  for (const [name, value] of Object.entries({
    role: "combobox",
    "aria-autocomplete": "list",
    "aria-controls": list.id,
    "aria-expanded": "false",
  })) {
    input.setAttribute(name, value);
  }
  let timer = 0;
  let asked = 0;

  async function refresh() {
    const number = ++asked;
    const query = new URLSearchParams({ text: input.value, lang: language });
    const response = await fetch(`${root}/api/suggest?${query}`).catch(() => null);
    if (!response?.ok || number !== asked || document.activeElement !== input) return;
    list.replaceChildren(...(await response.json()).map(option));
    toggle(list.children.length > 0);
  }

  function option({ text, title, whole }, index) {
    const item = document.createElement("li");
    item.dataset.whole = whole;
    item.id = `suggestion-${index}`;
    item.setAttribute("role", "option");
    item.setAttribute("aria-selected", "false");
    const name = document.createElement("code");
    name.textContent = text;
    const what = document.createElement("span");
    what.textContent = title;
    item.append(name, what);
    item.addEventListener("pointerdown", (event) => event.preventDefault());
    item.addEventListener("click", () => pick(item));
    return item;
  }

  function toggle(shown) {
    list.hidden = !shown;
    input.setAttribute("aria-expanded", String(shown));
    input.removeAttribute("aria-activedescendant");
  }

  function pick(item) {
    const text = item.querySelector("code").textContent;
    const whole = item.dataset.whole === "true";
    input.value = whole ? text : `${text} `;
    close();
    if (whole) submit();
    else later();
  }

  function close() {
    clearTimeout(timer);
    asked++;
    toggle(false);
  }

  function later() {
    clearTimeout(timer);
    timer = setTimeout(refresh, PAUSE);
  }

  function select(step) {
    const items = [...list.children];
    const now = items.findIndex((item) => item.getAttribute("aria-selected") === "true");
    const next = (now + step + items.length + (now < 0 && step < 0 ? 1 : 0)) % items.length;
    items.forEach((item, index) => item.setAttribute("aria-selected", String(index === next)));
    input.setAttribute("aria-activedescendant", items[next].id);
    items[next].scrollIntoView({ block: "nearest" });
  }

  input.addEventListener("input", later);
  input.addEventListener("focus", () => input.value && later());
  input.addEventListener("blur", close);
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return; // a Hangul syllable under way belongs to the input method
    const chosen = list.querySelector("[aria-selected=true]");
    if (event.key === "Escape") close();
    else if (list.hidden) return;
    else if (event.key === "ArrowDown") select(1);
    else if (event.key === "ArrowUp") select(-1);
    else if ((event.key === "Enter" || event.key === "Tab") && chosen) pick(chosen);
    else return;
    event.preventDefault();
  });
  if (document.activeElement === input && input.value) later();
  return close;
}

// A prediction: the lines are put in order with buttons or by dragging. An order that nobody touched is
// no prediction, and is not judged.

export function move(button) {
  const line = button.closest("li");
  const list = line.parentElement;
  const place = [...list.children].indexOf(line) + Number(button.dataset.move);
  if (place < 0 || place >= list.children.length) return;
  if (button.dataset.move === "1") line.nextElementSibling.after(line);
  else line.previousElementSibling.before(line);
  button.focus();
  line.dispatchEvent(new Event("change", { bubbles: true }));
  const said = button.closest("form").querySelector(".said");
  said.textContent = said.dataset.moved
    .replace("{line}", line.dataset.line)
    .replace("{position}", place + 1)
    .replace("{count}", list.children.length);
}

// Whatever changes the order makes it the learner's own.
export function watchOrders() {
  document.addEventListener("change", ({ target }) => {
    const list = target.closest?.("form.quiz ol.order");
    if (list) list.dataset.made = "yes";
  });
}

export function guessOf(form) {
  const seconds = form.querySelector("input[name=seconds]:checked");
  const ending = form.querySelector("input[name=ending]:checked");
  const printed = [...form.querySelectorAll(".order[data-made] li")]
    .filter((line) => !line.querySelector("input[name=never]:checked"));
  return {
    seconds: seconds ? Number(seconds.value) : null,
    order: printed.map((line) => line.dataset.line),
    ending: ending ? ending.value : null,
  };
}

// A prediction: the lines are put in order with buttons, so that keys and fingers do equally well.

export function move(button) {
  const line = button.closest("li");
  const list = line.parentElement;
  const place = [...list.children].indexOf(line) + Number(button.dataset.move);
  if (place < 0 || place >= list.children.length) return;
  if (button.dataset.move === "1") line.nextElementSibling.after(line);
  else line.previousElementSibling.before(line);
  button.focus();
  const said = button.closest("form").querySelector(".said");
  said.textContent = said.dataset.moved
    .replace("{line}", line.dataset.line)
    .replace("{position}", place + 1)
    .replace("{count}", list.children.length);
}

export function guessOf(form) {
  const chosen = form.querySelector("input[name=seconds]:checked");
  return {
    seconds: chosen ? Number(chosen.value) : null,
    order: [...form.querySelectorAll(".order li")].map((line) => line.dataset.line),
  };
}

// An exercise's answer: a program from the editor or from blocks, a number, or a reason's id.

export function answerOf(form) {
  const list = form.querySelector("ol.blocks");
  if (!list) return new FormData(form).get("answer") ?? "";
  const used = [...list.children].filter((item) => item.querySelector("[name=use]:checked"));
  if (!used.length) return "";
  return form.dataset.above + "\n" + used.map((item) => item.dataset.code.trimEnd() + "\n").join("");
}

// Blocks can be dragged by a pointer; the buttons beside them do the same for keys and fingers.
let dragged = null;

export function watchDragging() {
  document.addEventListener("dragstart", (event) => {
    dragged = event.target.closest?.("ol.blocks > li") ?? null;
    if (dragged) event.dataTransfer.effectAllowed = "move";
  });
  document.addEventListener("dragover", (event) => {
    const over = event.target.closest?.("ol.blocks > li");
    if (!dragged || !over || over.parentElement !== dragged.parentElement) return;
    event.preventDefault();
    const box = over.getBoundingClientRect();
    const below = event.clientY > box.top + box.height / 2;
    if (over !== dragged) over[below ? "after" : "before"](dragged);
  });
  document.addEventListener("drop", (event) => {
    if (!dragged) return;
    event.preventDefault();
    dragged.querySelector("[name=use]").checked = true;
  });
  document.addEventListener("dragend", () => (dragged = null));
}

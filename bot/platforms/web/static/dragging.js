// Blocks of an exercise and lines of a quiz can be dragged by a pointer; the buttons beside them do
// the same for keys and fingers.

const LISTS = "ol.blocks > li, ol.order > li";
let dragged = null;

export function watchDragging() {
  document.addEventListener("dragstart", (event) => {
    dragged = event.target.closest?.(LISTS) ?? null;
    if (dragged) event.dataTransfer.effectAllowed = "move";
  });
  document.addEventListener("dragover", (event) => {
    const over = event.target.closest?.(LISTS);
    if (!dragged || !over || over.parentElement !== dragged.parentElement) return;
    event.preventDefault();
    const box = over.getBoundingClientRect();
    const below = event.clientY > box.top + box.height / 2;
    if (over !== dragged) over[below ? "after" : "before"](dragged);
  });
  document.addEventListener("drop", (event) => {
    if (!dragged) return;
    event.preventDefault();
    const used = dragged.querySelector("[name=use]");
    if (used) used.checked = true;
    dragged.dispatchEvent(new Event("change", { bubbles: true }));
  });
  document.addEventListener("dragend", () => (dragged = null));
}

// An exercise's answer: a program from the editor or from blocks, a number, or a reason's id.

export function answerOf(form) {
  const list = form.querySelector("ol.blocks");
  if (!list) return new FormData(form).get("answer") ?? "";
  const used = [...list.children].filter((item) => item.querySelector("[name=use]:checked"));
  if (!used.length) return "";
  return form.dataset.above + "\n" + used.map((item) => item.dataset.code.trimEnd() + "\n").join("");
}

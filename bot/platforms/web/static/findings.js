// What an answer tells of single lines of the code that it shows.

// Each is {line, severity, node}: `node` says it, in an element of its own.
function findingsOf(turn) {
  const found = [];
  for (const note of turn.querySelectorAll(".note[data-lines]")) {
    const items = note.querySelectorAll(":scope > ul > li");
    const severity = note.matches(".error") ? "error" : "warning";
    for (const [index, line] of note.dataset.lines.split(" ").entries()) {
      const said = items.length ? items[index] : note;
      if (said && line !== "-") found.push({ line: Number(line), severity, node: copied(said) });
    }
  }
  return found;
}

function copied(said) {
  const node = document.createElement("div");
  node.append(...[...said.childNodes].map((child) => child.cloneNode(true)));
  return node;
}

// The code that a turn shows, as rows; null where it shows none, or several.
function rowsOf(turn) {
  const shown = turn.querySelectorAll(".code.source");
  return shown.length === 1 ? [...shown[0].querySelectorAll(".row")] : null;
}

// What the latest of these answers found in `code`. The code that an answer shows may be a part of it:
// what was pasted around it, such as a fence, is left out there.
export function findingsFor(code, turns = [...document.querySelectorAll(".turn")].reverse()) {
  for (const turn of turns) {
    const shown = rowsOf(turn)?.map((row) => row.textContent).join("").trimEnd();
    if (!shown) continue;
    const at = code.indexOf(shown);
    if (at < 0) continue;
    const before = code.slice(0, at).split("\n").length - 1;
    return findingsOf(turn).map((found) => ({ ...found, line: found.line + before }));
  }
  return [];
}

// Mark the lines in the answer's own code.
export function markLines(turn) {
  const rows = rowsOf(turn) ?? [];
  for (const { line, severity } of findingsOf(turn)) {
    if (rows[line - 1]) rows[line - 1].dataset.found = severity;
  }
}

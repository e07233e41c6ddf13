// The page's code editor: CodeMirror for Python, set up for short programs and for everybody who
// writes one. `make editor` bundles it into bot/platforms/web/static/editor.js.

import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { pythonLanguage } from "@codemirror/lang-python";
import {
  bracketMatching, HighlightStyle, indentOnInput, indentUnit, syntaxHighlighting,
} from "@codemirror/language";
import {
  forEachDiagnostic, linter, lintGutter, lintKeymap, setDiagnostics, setDiagnosticsEffect,
} from "@codemirror/lint";
import { EditorState, StateField } from "@codemirror/state";
import {
  Decoration, EditorView, highlightActiveLineGutter, highlightSpecialChars, keymap, lineNumbers,
  WidgetType,
} from "@codemirror/view";
import { colours, looks } from "./looks.js";

// What was found at a line, below it: it can be read on a phone, by keyboard and from the last row.
class Told extends WidgetType {
  constructor(found) {
    super();
    this.found = found;
  }

  eq(other) {
    return other.found.message === this.found.message && other.found.severity === this.found.severity;
  }

  toDOM(view) {
    const box = document.createElement("div");
    box.className = "cm-told";
    const said = this.found.renderMessage(view);
    said.className = `cm-told-${this.found.severity}`;
    box.append(said);
    return box;
  }
}

function toldBelow(state) {
  const boxes = [];
  forEachDiagnostic(state, (found, from) => {
    const widget = new Told(found);
    boxes.push(Decoration.widget({ widget, block: true, side: 1 }).range(state.doc.lineAt(from).to));
  });
  return Decoration.set(boxes, true);
}

const told = StateField.define({
  create: toldBelow,
  update(boxes, change) {
    const found = change.effects.some((effect) => effect.is(setDiagnosticsEffect));
    return found || change.docChanged ? toldBelow(change.state) : boxes;
  },
  provide: (field) => EditorView.decorations.from(field),
});

// A finding is about the line as it ran: once that line is changed, it is no longer true.
const forgetChanged = EditorState.transactionExtender.of((change) => {
  if (!change.docChanged) return null;
  const kept = [];
  let count = 0;
  forEachDiagnostic(change.startState, (found, from, to) => {
    count += 1;
    const line = change.startState.doc.lineAt(from);
    if (change.changes.touchesRange(line.from, line.to)) return;
    kept.push({ ...found, from: change.changes.mapPos(from, 1), to: change.changes.mapPos(to, -1) });
  });
  return kept.length < count ? { effects: setDiagnosticsEffect.of(kept) } : null;
});

// The caret does not tell of what stands between lines, so a listener is told as it comes there.
const readOut = EditorView.updateListener.of(({ view, state, startState, selectionSet, docChanged }) => {
  if (!selectionSet || docChanged || !view.hasFocus) return;
  const line = state.doc.lineAt(state.selection.main.head);
  if (line.number === startState.doc.lineAt(startState.selection.main.head).number) return;
  const said = [];
  forEachDiagnostic(state, (found, from) => {
    if (from >= line.from && from <= line.to) said.push(found.message);
  });
  if (said.length) view.dispatch({ effects: EditorView.announce.of(said.join(" ")) });
});

// Tab indents; after Esc it leaves, however long that takes, until something else is typed.
function wayOut(words) {
  const leave = (view) => {
    view.setTabFocusMode(true);
    view.dispatch({ effects: EditorView.announce.of(words.leaving) });
    return true;
  };
  const stay = (_event, view) => {
    view.setTabFocusMode(false);
    return false;
  };
  const keydown = (event, view) => (/^(Escape|Tab|Shift)$/.test(event.key) ? false : stay(event, view));
  return [
    keymap.of([{ key: "Escape", run: leave }]),
    EditorView.domEventHandlers({ keydown, blur: stay, mousedown: stay }),
  ];
}

function extensions(words, { name, help, nonce, run }) {
  const runs = () => (run(), true);
  return [
    EditorView.cspNonce.of(nonce),
    EditorState.phrases.of(words.phrases),
    EditorView.contentAttributes.of({ "aria-label": name, "aria-describedby": help, tabindex: "0" }),
    wayOut(words),
    keymap.of([{ key: "Mod-Enter", run: runs }, { key: "Ctrl-Enter", run: runs }]),
    keymap.of([...lintKeymap, ...historyKeymap, ...defaultKeymap, indentWithTab]),
    lineNumbers(),
    highlightActiveLineGutter(),
    // Also shows what code from elsewhere may hide: control characters, and those that turn text round.
    highlightSpecialChars(),
    history(),
    pythonLanguage,
    syntaxHighlighting(HighlightStyle.define(colours)),
    indentUnit.of("    "),
    EditorState.tabSize.of(4),
    indentOnInput(),
    bracketMatching(),
    // Messages stand below their lines: nothing is left for tooltips to say.
    linter(null, { tooltipFilter: () => [] }),
    lintGutter({ tooltipFilter: () => [] }),
    told,
    forgetChanged,
    readOut,
    EditorView.theme(looks),
  ];
}

function diagnostic(doc, { line, severity, node }) {
  const { from, to, text } = doc.line(line);
  const start = from + text.length - text.trimStart().length;
  const message = node.textContent.trim();
  return { from: start, to: Math.max(start, to), severity, message, renderMessage: () => node.cloneNode(true) };
}

/**
 * Put an editor behind `label` in the place of its text area, which stays the form's field: what is
 * typed in one is in the other.
 *
 * `words`: `leaving`, `found` and CodeMirror's own `phrases`; `help`: the id of what tells the keys;
 * `nonce`: allows the editor's styles; `run`: what Ctrl-Enter does; `filled(editor)`: called when the
 * text area's text was replaced.
 */
export function mount(label, { words, name, help, nonce, run, filled }) {
  const area = label.querySelector("textarea");
  let writing = false;
  const write = EditorView.updateListener.of(({ docChanged, state }) => {
    if (!docChanged || writing) return;
    writing = true;
    area.value = state.doc.toString();
    area.dispatchEvent(new Event("input", { bubbles: true }));
    writing = false;
  });
  const view = new EditorView({
    doc: area.value,
    extensions: [extensions(words, { name, help, nonce, run }), write],
  });
  label.after(view.dom);

  const editor = {
    focus: () => view.focus(),
    // `found`: {line, severity, node}, lines counted from 1; those that are not there are left out.
    show(found) {
      const { doc } = view.state;
      const there = found.filter(({ line }) => line >= 1 && line <= doc.lines);
      const diagnostics = there.map((one) => diagnostic(doc, one));
      view.dispatch(setDiagnostics(view.state, diagnostics));
      if (!diagnostics.length) return;
      const said = words.found.replace("{count}", diagnostics.length);
      const all = [said, ...diagnostics.map(({ message }) => message)].join(" ");
      view.dispatch({ effects: EditorView.announce.of(all) });
    },
  };
  area.addEventListener("input", () => {
    if (writing) return;
    writing = true;
    view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: area.value } });
    writing = false;
    filled(editor);
  });
  return editor;
}

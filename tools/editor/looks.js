// How the editor looks: the page's own colours, which are dark or light as the page is.

import { tags } from "@lezer/highlight";

export const colours = [
  { tag: [tags.keyword, tags.operatorKeyword, tags.bool, tags.null], color: "var(--t-keyword)" },
  { tag: [tags.string, tags.special(tags.string), tags.escape], color: "var(--t-string)" },
  { tag: tags.number, color: "var(--t-number)" },
  { tag: tags.comment, color: "var(--t-comment)", fontStyle: "italic" },
  { tag: [tags.function(tags.definition(tags.variableName)), tags.meta], color: "var(--t-function)" },
  { tag: [tags.definition(tags.className), tags.className], color: "var(--t-class)" },
];

// CodeMirror's own marks are pictures in data addresses, which the page's policy refuses: letters here.
function marker(letter, colour) {
  return {
    border: `1px solid var(${colour})`,
    borderRadius: "50%",
    boxSizing: "border-box",
    color: `var(${colour})`,
    content: "normal",
    display: "block",
    font: "700 0.72rem/1rem var(--mono)",
    height: "1.1rem",
    textAlign: "center",
    width: "1.1rem",
    "&::before": { content: `"${letter}"` },
  };
}

function underlined(colour) {
  return {
    backgroundImage: "none",
    paddingBottom: "0",
    textDecoration: `underline wavy var(${colour})`,
    textUnderlineOffset: "0.2em",
  };
}

export const looks = {
  "&": {
    backgroundColor: "var(--code)",
    border: "1px solid var(--faint)",
    borderRadius: "0.45rem",
    color: "var(--ink)",
    containerType: "inline-size",
    fontSize: "0.9rem",
    overflow: "hidden",
  },
  "&.cm-focused": { outline: "2px solid var(--accent)", outlineOffset: "2px" },
  ".cm-scroller": {
    fontFamily: "var(--mono)",
    lineHeight: "1.5",
    maxHeight: "min(42rem, 75vh)",
    minHeight: "19rem",
    overflow: "auto",
  },
  ".cm-content": { caretColor: "var(--ink)", padding: "0.7rem 0" },
  ".cm-line": { padding: "0 0.7rem 0 0.4rem" },
  ".cm-gutters": {
    backgroundColor: "var(--code)",
    border: "0",
    borderRight: "1px solid var(--line)",
    color: "var(--faint)",
  },
  ".cm-activeLineGutter": { backgroundColor: "transparent", color: "var(--ink)", fontWeight: "700" },
  ".cm-gutter-lint": { width: "1.3rem" },
  ".cm-gutter-lint .cm-gutterElement": { padding: "0.15rem 0.1rem 0" },
  ".cm-lint-marker": { height: "auto", width: "auto" },
  ".cm-lint-marker-warning": marker("!", "--warning-ink"),
  ".cm-lint-marker-error": marker("×", "--error-ink"),
  ".cm-lintRange-warning": underlined("--warning-ink"),
  ".cm-lintRange-error": underlined("--error-ink"),
  ".cm-lintRange-active": { backgroundColor: "transparent" },
  ".cm-lintPoint::after": { display: "none" },
  // No margins: the editor measures boxes without them, and line numbers would slip.
  ".cm-told": {
    boxSizing: "border-box",
    left: "3.8rem",
    maxWidth: "calc(min(100cqw, 46rem) - 4.2rem)",
    padding: "0.15rem 0.4rem 0.35rem",
    position: "sticky",
    width: "fit-content",
  },
  ".cm-told > div": {
    borderLeft: "0.2rem solid currentcolor",
    fontFamily: "var(--sans)",
    padding: "0.25rem 0.6rem",
    whiteSpace: "normal",
    wordBreak: "normal",
  },
  ".cm-told p": { margin: "0" },
  ".cm-told-warning": { backgroundColor: "var(--warning)", color: "var(--warning-ink)" },
  ".cm-told-error": { backgroundColor: "var(--error)", color: "var(--error-ink)" },
  "&.cm-focused .cm-matchingBracket": {
    backgroundColor: "var(--accent-soft)",
    outline: "1px solid var(--accent)",
  },
  "&.cm-focused .cm-nonmatchingBracket": {
    backgroundColor: "var(--error)",
    outline: "1px solid var(--error-ink)",
  },
  ".cm-specialChar": {
    backgroundColor: "var(--error)",
    color: "var(--error-ink)",
    outline: "1px solid currentcolor",
  },
  ".cm-panels": { backgroundColor: "var(--card)", color: "var(--ink)" },
  ".cm-panels.cm-panels-bottom": { borderTop: "1px solid var(--faint)" },
  ".cm-panel.cm-panel-lint": { fontFamily: "var(--sans)" },
  ".cm-panel.cm-panel-lint ul [aria-selected]": { backgroundColor: "var(--accent-soft)" },
  ".cm-panel.cm-panel-lint ul:focus [aria-selected]": {
    backgroundColor: "var(--accent-soft)",
    color: "var(--ink)",
  },
  ".cm-panel.cm-panel-lint button[name=close]": { color: "var(--ink)" },
  ".cm-diagnostic-warning": { borderLeftColor: "var(--warning-ink)" },
  ".cm-diagnostic-error": { borderLeftColor: "var(--error-ink)" },
};

// What is typed into a text area is kept for as long as its tab is open, so that a reload loses nothing.

const PREFIX = "draft:";
const MOST = 20;
const LONGEST = 100_000; // characters

function keyOf(area) {
  const talk = history.state?.talk;
  const turn = area.closest(".turn")?.dataset.turn;
  return talk && turn !== undefined ? `${PREFIX}${talk}:${turn}` : "";
}

export function saveDraft(area) {
  const key = keyOf(area);
  if (!key || area.value.length > LONGEST) return;
  try {
    if (area.value === area.defaultValue) return sessionStorage.removeItem(key);
    // Keys begin with the time of their conversation: the first are the oldest.
    const others = Object.keys(sessionStorage).filter((it) => it.startsWith(PREFIX) && it !== key).sort();
    for (const old of others.slice(0, Math.max(0, others.length - MOST + 1))) sessionStorage.removeItem(old);
    sessionStorage.setItem(key, JSON.stringify({ begun: area.defaultValue, code: area.value }));
  } catch {
    // A browser that keeps nothing for us, or has no more room: then a reload begins again.
  }
}

export function restoreDraft(area) {
  const key = keyOf(area);
  if (!key) return;
  try {
    const kept = JSON.parse(sessionStorage.getItem(key) ?? "null");
    if (kept?.begun === area.defaultValue && typeof kept.code === "string") area.value = kept.code;
  } catch {
    // Not a draft of ours.
  }
}

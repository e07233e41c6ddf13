"""An expectation from runs: the order that always held, and the time they took; and its place.

Pure: what is proposed is put into a file's text, and everything else of that is left as it stands.
"""

import math
import re
import statistics
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from bot.languages import Locale
from bot.lessons.files.document import Document
from bot.lessons.model import Scenario
from bot.runner.model import Outcome, RunResult

_LEAST_TOLERANCE = 0.25
"""Seconds. Less would fail on a busy machine."""
_STEP = 0.05
"""Seconds to which proposed times are rounded."""
_MOST_LINES = 200
_LONGEST_LINE = 200
_SHOWN_START = 60
_DIGITS = re.compile(r"\d+")

LineOccurrence = tuple[str, int]
"""A line's template, and which of its occurrences: from 0."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a scenario's `expect` might be."""

    expect: dict[str, Any]
    """The field's value, as plain data."""
    remarks: tuple[str, ...] = ()
    """What the author should know: what differed from run to run."""

    def text(self, *, indent: int = 4) -> str:
        """Return it as YAML, to stand in a scenario."""
        body = yaml.safe_dump({"expect": self.expect}, allow_unicode=True, sort_keys=False)
        notes = [f"# {remark}" for remark in self.remarks]
        return "".join(f"{' ' * indent}{line}\n" for line in (*notes, *body.splitlines()))


def propose(scenario: Scenario, locale: Locale, runs: Sequence[RunResult]) -> Proposal:
    """Propose what to expect of a scenario, from at least one run of it in `locale`.

    Each of the runs fits the proposal.
    """
    expect: dict[str, Any] = {}
    remarks: list[str] = []
    _ending(runs, expect, remarks)
    printed = [
        [_template(line.text, scenario, locale) for line in run.lines if line.stream == "stdout"]
        for run in runs
    ]
    _order(printed, expect, remarks)
    _time(runs, expect, remarks)
    return Proposal(expect, tuple(remarks))


def _ending(runs: Sequence[RunResult], expect: dict[str, Any], remarks: list[str]) -> None:
    """Propose the outcome and the exception; the most frequent, where they differ."""
    endings = Counter(
        (run.finished.outcome, run.finished.failure.type if run.finished.failure else "")
        for run in runs
    )
    (outcome, error), _ = endings.most_common(1)[0]
    if len(endings) > 1:
        seen = ", ".join(
            f"{of} {what}".strip() + f" ({n} times)" for (of, what), n in endings.items()
        )
        remarks.append(f"The runs did not all end alike: {seen}.")
    if outcome is not Outcome.OK:
        expect["outcome"] = outcome.value
    if outcome is Outcome.ERROR and error:
        expect["error"] = error


def _template(text: str, scenario: Scenario, locale: Locale) -> str:
    """Return a printed line with each phrase as its key, the longest phrases first."""
    by_length = sorted(scenario.phrases.items(), key=lambda it: -len(it[1].text(locale)))
    if not by_length:
        return text
    keys: dict[str, str] = {}
    for key, phrase in by_length:
        keys.setdefault(phrase.text(locale), f"<<{key}>>")
    return re.sub("|".join(map(re.escape, keys)), lambda found: keys[found[0]], text)


def _order(printed: Sequence[list[str]], expect: dict[str, Any], remarks: list[str]) -> None:
    """Propose the lines in stages, and the pairs that kept their order inside a stage."""
    runs = [_items(lines) for lines in printed]
    patterns: dict[str, str] = {}
    if len({frozenset(run) for run in runs}) > 1:
        # Numbers often vary (times, addresses): see whether the lines are the same but for them.
        generalised, patterns = _without_numbers(printed)
        again = [_items(lines) for lines in generalised]
        if len({frozenset(run) for run in again}) == 1:
            runs = again
            remarks.append("Numbers differ from run to run; they became patterns.")
    common = frozenset.intersection(*(frozenset(run) for run in runs))
    if any(len(run) > len(common) for run in runs):
        extra = dict.fromkeys(text for run in runs for text, n in run if (text, n) not in common)
        remarks.append(f"Not in every run: {', '.join(extra)[:200]}.")
        expect["complete"] = False
    kept = [[item for item in run if item in common] for run in runs]
    lines: list[Any] = []
    before: list[Any] = []
    for stage in _fitting(_stages(kept), expect, remarks):
        entries = [_entry(text, patterns) for text, _ in stage]
        lines.append(entries[0] if len(stage) == 1 else {"any_order": entries})
        before += [
            {"first": first, "then": then}
            for first, then in _pairs(stage, kept, runs)
            if _is_plain(first, patterns) and _is_plain(then, patterns)
        ]
    if lines:
        expect["lines"] = lines
    if before:
        expect["before"] = before


def _items(lines: Sequence[str]) -> list[LineOccurrence]:
    """Return lines as items: each with the number of its occurrence."""
    seen: Counter[str] = Counter()
    items = []
    for text in lines:
        items.append((text, seen[text]))
        seen[text] += 1
    return items


def _without_numbers(printed: Sequence[list[str]]) -> tuple[list[list[str]], dict[str, str]]:
    """Replace lines that are not in every run by patterns in which any digits fit."""
    everywhere = set.intersection(*(set(lines) for lines in printed))
    patterns: dict[str, str] = {}

    def general(text: str) -> str:
        if text in everywhere or not _DIGITS.search(text):
            return text
        source = r"\d+".join(map(_escape, _DIGITS.split(text)))
        patterns[source] = source
        return source

    return [[general(text) for text in lines] for lines in printed], patterns


def _escape(text: str) -> str:
    """Escape for a regular expression, but leave placeholders and spaces readable."""
    return re.escape(text).replace(r"\ ", " ")


def _is_plain(text: str, patterns: dict[str, str]) -> bool:
    """Tell whether a line is expected as a text, not as a pattern."""
    return text not in patterns and 0 < len(text) <= _LONGEST_LINE


def _entry(text: str, patterns: dict[str, str]) -> Any:
    """Return an expected line as an author writes it."""
    if _is_plain(text, patterns):
        return text
    if len(text) > _LONGEST_LINE:
        text = _escape(text[:_SHOWN_START]) + ".*"
    return {"matches": text or "^$"}


def _fitting(
    stages: Iterator[list[LineOccurrence]], expect: dict[str, Any], remarks: list[str]
) -> Iterator[list[LineOccurrence]]:
    """Return the first stages, as many as an expectation may have lines."""
    count = 0
    for stage in stages:
        count += len(stage)
        if count > _MOST_LINES:
            expect["complete"] = False
            remarks.append("There are more lines than can be expected; the rest is left out.")
            return
        yield stage


def _stages(runs: Sequence[list[LineOccurrence]]) -> Iterator[list[LineOccurrence]]:
    """Cut the lines wherever every run had printed the same ones up to there."""
    first = runs[0]
    start = 0
    for end in range(1, len(first) + 1):
        if all(set(run[start:end]) == set(first[start:end]) for run in runs):
            yield first[start:end]
            start = end


def _pairs(
    stage: Sequence[LineOccurrence],
    kept: Sequence[list[LineOccurrence]],
    runs: Sequence[list[LineOccurrence]],
) -> Iterator[tuple[str, str]]:
    """Return the pairs of a stage that kept their order in every run, without those that follow.

    Only lines that are printed once can be told apart in a pair.
    """
    if len(stage) == 1:
        return
    repeated = {text for run in runs for text, number in run if number > 0}
    single = [item for item in stage if item[0] not in repeated]
    place = [{item: number for number, item in enumerate(run)} for run in kept]
    ordered = {
        (a, b) for a in single for b in single if a != b and all(at[a] < at[b] for at in place)
    }
    for a, b in sorted(ordered, key=lambda pair: (single.index(pair[0]), single.index(pair[1]))):
        if not any((a, c) in ordered and (c, b) in ordered for c in single):
            yield a[0], b[0]


def _time(runs: Sequence[RunResult], expect: dict[str, Any], remarks: list[str]) -> None:
    """Propose time bounds around what was measured."""
    times = [run.finished.elapsed for run in runs]
    # A busy machine only ever makes a run longer: the fastest one tells the idle machine's time,
    # unless they differ by more than that accounts for.
    typical = min(times)
    if max(times) - typical > _LEAST_TOLERANCE:
        typical = statistics.median(times)
    about = round(round(typical / _STEP) * _STEP, 2)
    spread = max(abs(time - about) for time in times)
    tolerance = max(_LEAST_TOLERANCE, math.ceil(2 * spread / _STEP) * _STEP)
    elapsed: dict[str, float] = {"about": about}
    if tolerance > _LEAST_TOLERANCE:
        elapsed["tolerance"] = round(tolerance, 2)
        remarks.append(f"Times went from {min(times):.3f} to {max(times):.3f} s.")
    expect["elapsed"] = elapsed


def with_expectation(path: Path, text: str, number: int, proposal: Proposal) -> str:
    """Return the file's text with a new `expect` in the scenario of this number, from 0.

    Cases for other Pythons (`versions`) are kept; comments inside the old `expect` are not.

    :raises LessonFileError: if the text is no lesson
    """
    document = Document(path, text)
    loc = ("scenarios", number, "expect")
    line, column = document.place(loc, key=True)
    lines = text.split("\n")
    end = document.node(loc).end_mark
    # A block's end is where the next field begins; what stands before that field is the field's.
    last = end.line + (1 if end.column > 0 and lines[end.line][: end.column].strip() else 0)
    while last > line and _is_outside(lines[last - 1], column - 1):
        last -= 1
    kept = _versions(document.data, number)
    whole = Proposal({**proposal.expect, **kept}, proposal.remarks)
    new = whole.text(indent=column - 1).rstrip("\n").split("\n")
    return "\n".join([*lines[: line - 1], *new, *lines[last:]])


def _is_outside(line: str, indent: int) -> bool:
    """Tell whether a line before the next field is no part of the block of this indentation."""
    inner = line.lstrip(" ")
    return not inner or (inner.startswith("#") and len(line) - len(inner) <= indent)


def _versions(data: dict[str, Any], number: int) -> dict[str, Any]:
    old = data["scenarios"][number]["expect"] or {}
    return {"versions": old["versions"]} if "versions" in old else {}

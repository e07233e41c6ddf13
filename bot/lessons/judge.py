"""Is the output right? A run against its scenario's expectation, as plain data. Pure.

Only what was printed to stdout counts. Where the order is wrong, a smallest set of lines is
named that would have to move: each is `early` or `late`; what cannot be paired at all is
`missing` or `extra`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from bot.lessons.files import phrases
from bot.lessons.files.phrases import Phrased
from bot.lessons.matching import Pairing, Wanted, rising
from bot.lessons.model import (
    Expected,
    ExpectedLine,
    Locale,
    Pattern,
    Scenario,
)
from bot.runner.model import Line, RunResult

DifferenceKind = Literal["early", "late", "missing", "extra", "outcome", "error", "fast", "slow"]


@dataclass(frozen=True, slots=True)
class Difference:
    """One way in which a run differs from what is expected of it."""

    kind: DifferenceKind
    line: str = ""
    """The line it is about: as printed; for `missing`, as expected (or its pattern)."""
    expected: str = ""
    """`early`: the line that should have come before. `late`: the line that should have come
    after. `outcome`: the expected outcome's name. `error`: the expected exception's class."""
    found: str = ""
    """`outcome`: how it ended instead. `error`: the class of what it raised, or ""."""
    at: float | None = None
    """Seconds: when the line was printed; for `fast` and `slow`, the measured time."""
    bounds: tuple[float, float] | None = None
    """`fast` and `slow`: the least and the greatest accepted time, in seconds."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the judge found; nothing, where the run is as expected."""

    differences: tuple[Difference, ...] = ()

    @property
    def ok(self) -> bool:
        """True where the run is as expected."""
        return not self.differences


def judge(scenario: Scenario, locale: Locale, result: RunResult) -> Verdict:
    """Hold a finished run against what its scenario expects on the Python that ran it."""
    expected = scenario.expect.on(result.python)
    return Verdict(
        (
            *ending_differences(expected, result),
            *order_differences(expected, scenario, result, locale),
            *_decoys(expected, scenario, locale, _printed(result)),
            *_time(expected, result),
        )
    )


def order_differences(
    expected: Expected, part: Phrased, result: RunResult, *locales: Locale
) -> Iterator[Difference]:
    """Compare the printed lines, whose phrases are those of `part`, and their order."""
    printed = _printed(result)
    stages = [[wanted_line(it, part, *locales) for it in stage] for stage in expected.stages]
    yield from _order(stages, printed, complete=expected.complete)
    yield from _pairs(expected, part, locales, printed)


def _printed(result: RunResult) -> list[Line]:
    return [line for line in result.lines if line.stream == "stdout"]


def _decoys(
    expected: Expected, scenario: Scenario, locale: Locale, printed: Sequence[Line]
) -> Iterator[Difference]:
    """Find lines that are said to be never printed; of a complete output, `_order` tells them."""
    if expected.complete:
        return
    decoys = {phrases.with_phrases(decoy, scenario, locale) for decoy in scenario.decoys}
    yield from (
        Difference("extra", line=line.text, at=line.at) for line in printed if line.text in decoys
    )


def ending_differences(expected: Expected, result: RunResult) -> Iterator[Difference]:
    """Compare how the run ended."""
    finished = result.finished
    raised = finished.failure.type if finished.failure else ""
    if finished.outcome is not expected.outcome:
        yield Difference("outcome", expected=expected.outcome, found=finished.outcome, line=raised)
    elif expected.error is not None and not _same_class(raised, expected.error):
        yield Difference("error", expected=expected.error, found=raised)


def _same_class(one: str, other: str) -> bool:
    """Compare exception class names; how far they are qualified does not matter."""
    return one.rpartition(".")[2] == other.rpartition(".")[2]


def _time(expected: Expected, result: RunResult) -> Iterator[Difference]:
    """Compare the measured time."""
    if expected.elapsed is None:
        return
    low, high = expected.elapsed.bounds
    elapsed = result.finished.elapsed
    if not low <= elapsed <= high:
        yield Difference("fast" if elapsed < low else "slow", at=elapsed, bounds=(low, high))


def wanted_line(line: ExpectedLine, part: Phrased, *locales: Locale) -> Wanted:
    """Put one expected line into the learner's language, the first of `locales`.

    With several, each of its phrases may be printed in any of them.
    """
    if isinstance(line, Pattern):
        regex = phrases.pattern(line.matches, part, *locales)
        return Wanted(phrases.with_phrases(line.matches, part, locales[0]), regex)
    several = phrases.in_any_language(line, part, locales) if len(locales) > 1 else None
    return Wanted(phrases.with_phrases(line, part, locales[0]), several)


def _order(
    stages: Sequence[Sequence[Wanted]], printed: Sequence[Line], *, complete: bool
) -> Iterator[Difference]:
    """Compare the printed lines with the stages, and name what differs."""
    if not _follows(stages, printed, complete=complete):
        yield from _differences(stages, printed, complete=complete)


def _follows(
    stages: Sequence[Sequence[Wanted]], printed: Sequence[Line], *, complete: bool
) -> bool:
    """Tell whether the lines come stage after stage.

    Each stage takes the shortest stretch of lines that can fill it, which leaves the most for
    those after it. In a complete expectation no line may be left over.
    """
    if complete and len(printed) != sum(map(len, stages)):
        return False
    position = 0
    for stage in stages:
        pairing = Pairing(stage)
        while not pairing.full:
            if position == len(printed):
                return False
            grew = pairing.add(position, printed[position].text)
            if complete and not grew:
                return False
            position += 1
    return True


def _differences(
    stages: Sequence[Sequence[Wanted]], printed: Sequence[Line], *, complete: bool
) -> Iterator[Difference]:
    """Pair lines wherever they stand; name those out of place, and those without a pair."""
    wanted = [one for stage in stages for one in stage]
    stage_of = [number for number, stage in enumerate(stages) for _ in stage]
    pairing = Pairing(wanted)
    for index, line in enumerate(printed):
        pairing.add(index, line.text)
    paired = sorted((index, stage_of[i]) for i, index in pairing.line_of.items())
    for i, one in enumerate(wanted):
        if i not in pairing.line_of:
            yield Difference("missing", line=one.shown)
    if complete:
        with_pair = {index for index, _ in paired}
        for index, line in enumerate(printed):
            if index not in with_pair:
                yield Difference("extra", line=line.text, at=line.at)
    yield from _misplaced(paired, printed)


def _misplaced(paired: Sequence[tuple[int, int]], printed: Sequence[Line]) -> Iterator[Difference]:
    """Name the lines that would have to move; `paired` is (line, stage) in printed order."""
    kept = rising([stage for _, stage in paired])
    in_place = [paired[position] for position in sorted(kept)]
    for position, (index, stage) in enumerate(paired):
        if position in kept:
            continue
        line = printed[index]
        should_precede = [other for other, of in in_place if of < stage and other > index]
        should_follow = [other for other, of in in_place if of > stage and other < index]
        if should_precede:
            neighbour = printed[should_precede[-1]].text
            yield Difference("early", line=line.text, expected=neighbour, at=line.at)
        elif should_follow:
            neighbour = printed[should_follow[0]].text
            yield Difference("late", line=line.text, expected=neighbour, at=line.at)


def _pairs(
    expected: Expected, part: Phrased, locales: Sequence[Locale], printed: Sequence[Line]
) -> Iterator[Difference]:
    """Compare the before pairs: the first line that fits each side counts."""
    for pair in expected.before:
        first = wanted_line(pair.first, part, *locales)
        then = wanted_line(pair.then, part, *locales)
        first_at = next((i for i, line in enumerate(printed) if first.fits(line.text)), None)
        then_at = next((i for i, line in enumerate(printed) if then.fits(line.text)), None)
        if first_at is None:
            yield Difference("missing", line=first.shown)
        if then_at is None:
            yield Difference("missing", line=then.shown)
        if first_at is not None and then_at is not None and then_at < first_at:
            line = printed[then_at]
            yield Difference("early", line=line.text, expected=printed[first_at].text, at=line.at)

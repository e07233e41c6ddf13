"""What is said below a finished run: its time, how it ended, what differs, what to see in it."""

import re
from collections.abc import Iterator
from dataclasses import replace

from bot.runner.model import Line, Outcome
from bot.timeline.explanation import Chain
from bot.tutor.live_run import LiveRun, whole_output
from bot.tutor.model import Code, Note, Part, Reply, Text
from bot.tutor.run_parts import Measured, Sequence
from bot.tutor.words import Words
from bot.tutor.words.speech import span

_MOST_DIFFERENCES = 5
_MOST_FINDINGS = 4

_RAN = frozenset({Outcome.OK, Outcome.ERROR})
"""Outcomes of a run that came to an end of its own, so that its time is its own, too."""

_STANDARD_LIBRARY = re.compile(r'File "[^"\n]*/lib/python3\.\d+t?/')
"""Where this host keeps its Python is no learner's business, and only makes lines long."""

_TOLD_BY_OUTCOME = frozenset({"outcome", "error"})
"""Differences that the sentence on a bad outcome already tells."""


def finished_reply(live_run: LiveRun, printed: Sequence, *parts: Part) -> Reply:
    """Return the whole reply to a finished run, with all that it printed attached."""
    return Reply(parts, failed=live_run.cut_off, attachment=whole_output(printed))


def ending_parts(live_run: LiveRun, say: Words) -> Iterator[Part]:
    """Yield what is to say about a finished run."""
    yield from measured(live_run, say)
    yield from outcome(live_run, say)
    yield from refusals(live_run, say)
    yield from run_warnings(live_run, say)
    yield from differences(live_run, say)
    yield from findings_note(live_run, say)


def measured(live_run: LiveRun, say: Words) -> Iterator[Part]:
    """Yield the measured time beside the ideal."""
    finished = live_run.result.finished
    if (timeline := live_run.timeline) is not None:
        own = finished.outcome in _RAN
        time = say.run.measured(timeline.measure) if own else say.run.stopped(finished.elapsed)
        measure = timeline.measure if own else None
        yield Measured(time, finished.outcome, finished.elapsed, measure)
    elif live_run.lost:
        yield Measured(say.run.only_time(finished.elapsed), finished.outcome, finished.elapsed)


def outcome(live_run: LiveRun, say: Words) -> Iterator[Part]:
    """Yield how the run ended, where it is not simply over."""
    finished = live_run.result.finished
    if finished.outcome is Outcome.OK:
        return
    as_told = live_run.expected is not None and finished.outcome is live_run.expected.outcome
    told = say.run.ended(finished, live_run.request.limits)
    lines = (finished.failure.line,) if finished.failure and finished.failure.line else ()
    yield Note(told, "info" if as_told else "error", lines)
    if finished.failure:
        traceback = _STANDARD_LIBRARY.sub('File "', finished.failure.traceback)
        yield Code(traceback or finished.failure.message, "pytb")


def refusals(live_run: LiveRun, say: Words) -> Iterator[Part]:
    """Yield what the sandbox does not give, also where the scenario went on without it."""
    refused = live_run.result.finished.refused
    if refused:
        yield Note(say.refusals.told(refused), "info")


def run_warnings(live_run: LiveRun, say: Words) -> Iterator[Part]:
    """Yield what makes this run less than it should be."""
    if live_run.lost:
        yield Note(say.run.no_picture, "warning")
    if "unconfined" in live_run.warnings:
        yield Note(say.run.unconfined, "warning")
    if live_run.warnings & {"record-truncated", "record-malformed"}:
        yield Note(say.run.incomplete_record, "warning")


def differences(live_run: LiveRun, say: Words) -> Iterator[Part]:
    """Yield how the run differs from the lesson's expectation, if it does."""
    if live_run.cut_off:
        return
    verdict = live_run.verdict()
    well = live_run.result.finished.outcome is Outcome.OK
    left_out = () if well else _TOLD_BY_OUTCOME
    found = [one for one in verdict.differences if one.kind not in left_out]
    if late := live_run.starved(verdict):
        yield Note(say.run.starved(late), "warning")
    elif found:
        told = [f"- {say.differences.sentence(one)}" for one in found[:_MOST_DIFFERENCES]]
        if len(found) > _MOST_DIFFERENCES:
            told.append(f"- {say.differences.more(len(found) - _MOST_DIFFERENCES)}")
        yield Note("\n".join([say.differences.title, "", *told]), "warning")


def findings_note(live_run: LiveRun, say: Words) -> Iterator[Part]:
    """Yield why the run did what it did, where that is worth a word.

    What the sandbox refused is told by `refusals`.
    """
    found = [one for one in live_run.explanation.findings if one.kind != "refused"]
    if found:
        shown = found[:_MOST_FINDINGS]
        told = [f"- {say.why.sentence(one)}" for one in shown]
        if len(found) > _MOST_FINDINGS:
            told.append(f"- {say.why.more(len(found) - _MOST_FINDINGS)}")
        lines = tuple(one.line for one in shown)
        yield Note("\n".join([f"**{say.why.title}**", "", *told]), "info", lines)


def causes(live_run: LiveRun, say: Words) -> Iterator[Part]:
    """Yield why each of a finished run's lines was printed when it was.

    Every line gets its last cause; the very last one gets the whole chain, back to the start.
    """
    chains = live_run.explanation.chains
    if not chains:
        yield Note(say.causes.nothing)
        return
    printed = [event.text for event in live_run.events if isinstance(event, Line)]
    told = [
        f"{one.number}. {span(printed[one.number - 1])}: {_told(one, live_run, say)[0]}"
        for one in chains
        if len(one.causes) > 1
    ]
    yield Text("\n".join([say.causes.each, "", *told]))
    if len(printed) > len(chains):
        yield Note(say.causes.more(len(printed) - len(chains)))
    steps = [f"- {cause}" for cause in _told(chains[-1], live_run, say)]
    yield Text("\n".join([say.causes.back(span(printed[chains[-1].number - 1])), "", *steps]))


def with_reasons(sequence: Sequence, live_run: LiveRun, say: Words) -> Sequence:
    """Return the printed lines, each with why it was printed when it was, where that is known."""
    known = {one.number: _told(one, live_run, say) for one in live_run.explanation.chains}
    lines = (
        replace(line, why=known[number]) if number in known else line
        for number, line in enumerate(sequence.lines, start=1)
    )
    return replace(sequence, lines=tuple(lines))


def _told(chain: Chain, live_run: LiveRun, say: Words) -> tuple[str, ...]:
    """Return the causes of one line, from the last one to the start."""
    names = live_run.explanation.names or {}
    return tuple(say.causes.told(cause, names) for cause in chain.causes[1:])

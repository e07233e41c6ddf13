"""Why each line of a finished run was printed when it was, as it is told."""

from collections.abc import Iterator
from dataclasses import replace

from bot.runner.model import Line
from bot.timeline.explanation import Chain
from bot.tutor.live_run import LiveRun
from bot.tutor.model import Note, Part, Text
from bot.tutor.run_parts import Sequence
from bot.tutor.words import Words
from bot.tutor.words.speech import span


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

"""Pictures of runs as parts of a reply: under way, and finished."""

from collections.abc import Sequence
from dataclasses import replace

from bot.lessons.model import Locale
from bot.tutor.live_run import LiveRun
from bot.tutor.model import Choices, Heading, Note, Part, Reply
from bot.tutor.run_parts import Measured, Picture
from bot.tutor.words import words
from bot.tutor.words.alt import alt_text


def picture_so_far(live_runs: Sequence[LiveRun]) -> tuple[Picture, ...]:
    """Return the picture of runs under way; none while there is nothing to draw."""
    timelines = tuple(it.timeline for it in live_runs if it.timeline)
    likely = max((it.likely_seconds for it in live_runs), default=0.0)
    return (Picture(timelines, "", likely),) if timelines else ()


def picture_of(live_runs: Sequence[LiveRun], locale: Locale) -> tuple[Picture, ...]:
    """Return the picture of finished runs; none where none could be laid out.

    They can be stepped through where that was asked for, and made for each that is drawn.
    """
    drawn = [it for it in live_runs if it.timeline]
    timelines = tuple(it.timeline for it in drawn if it.timeline)
    if not timelines:
        return ()
    replays = tuple(it.replay for it in drawn)
    return (
        Picture(timelines, alt_text(timelines, locale), replays=replays if all(replays) else ()),
    )


def replay_of(reply: Reply, live_run: LiveRun, *, remembered: bool) -> Reply:
    """Return the answer to a finished run with its picture moving, without all that it printed.

    One without a picture stays as it is: it says what went wrong.

    :param remembered: it is the run that the learner saw before; of a new one, that is said
    """
    if not any(isinstance(part, Picture) for part in reply.parts):
        return reply
    parts: list[Part] = []
    for part in reply.parts:
        match part:
            case Picture():
                if not remembered:
                    parts.append(Note(words(live_run.locale).run.new_run))
                parts.append(replace(part, moving=live_run.request.code))
            case Heading() | Measured() | Choices():
                parts.append(part)
    return replace(reply, parts=tuple(parts), attachment="")

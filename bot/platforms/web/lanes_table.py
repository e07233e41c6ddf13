"""A picture of runs as a table, and the hue by which a lane is told apart everywhere in a page."""

from collections.abc import Iterator, Sequence

from bot.platforms.web.markup import escaped
from bot.platforms.web.replay_words import ReplayWords
from bot.timeline.model import Captions, Lane, Span, Timeline, hue_number

_MOST_ROWS = 400
_BRIEF = 0.001
"""Seconds below which a step between two waits is not worth a row."""


def hue(lane: int) -> str:
    """Return the class of a lane's hue."""
    return f"hue-{hue_number(lane)}"


def lanes_table(timelines: Sequence[Timeline], words: ReplayWords, states: Captions) -> str:
    """Render timelines as a folded table: who did what from when to when, and at which line."""
    rows = [
        row for timeline in timelines for row in _rows(timeline, states, named=len(timelines) > 1)
    ]
    left_out = len(rows) - _MOST_ROWS
    more = f"<p>{words.rows_left_out.format(count=left_out)}</p>" if left_out > 0 else ""
    names = (words.who, words.did, words.since, words.until, words.code_line)
    header = "".join(f'<th scope="col">{name}</th>' for name in names)
    return (
        f'<details class="as-table"><summary>{words.as_table}</summary><div class="scroll" '
        f'tabindex="0"><table><thead><tr>{header}</tr></thead><tbody>'
        f"{''.join(rows[:_MOST_ROWS])}</tbody></table></div>{more}</details>"
    )


def _rows(timeline: Timeline, states: Captions, *, named: bool) -> Iterator[str]:
    for lane in timeline.lanes:
        name = f"{timeline.title}: {lane.name}" if named else lane.name
        for span in lane.spans:
            if span.seconds >= _BRIEF:
                yield _row(lane, span, name, states)


def _row(lane: Lane, span: Span, name: str, states: Captions) -> str:
    what: str = getattr(states, span.kind)
    cells = (
        escaped(f"{what}: {span.on}" if span.on else what),
        f"{span.start:.3f}",
        f"{span.end:.3f}",
        str(span.line or ""),
    )
    return (
        f'<tr class="{hue(lane.id)}"><th scope="row">{escaped(name)}</th>'
        + "".join(f"<td>{cell}</td>" for cell in cells)
        + "</tr>"
    )

"""From one update of a reply to the next: only what changed goes to the browser.

A reply's update is the whole answer so far, and a run makes many. Parts that stayed the same
are not rendered again, and a growing sequence sends only its new lines, so the cost of a run
grows with what it prints and not with its square.
"""

from dataclasses import dataclass, field
from typing import Any

from bot.platforms.web.render import HtmlRenderer
from bot.timeline.replay import replay
from bot.tutor.model import Part, Reply
from bot.tutor.run_parts import Picture, Sequence


@dataclass(slots=True)
class Patches:
    """Turns the updates of one reply into patches, each on top of the one before it."""

    renderer: HtmlRenderer
    _shown: tuple[Part, ...] = field(default=(), init=False)

    def patch(self, reply: Reply) -> dict[str, Any]:
        """Return what brings the browser from the last patch to `reply`, as JSON values.

        `set`: [index, html] of parts that are new or changed; `add`: [index, html] of list items
        to append to a sequence; `draw`: [index, runs, seconds] of pictures to draw, each run as
        `bot.timeline.replay` gives it, and how long they are likely to take; `count`: how many
        parts there are now. A finished picture that can be replayed is not drawn by a patch: its
        record comes once, by itself.
        """
        changed: list[tuple[int, str]] = []
        added: list[tuple[int, str]] = []
        drawn: list[tuple[int, list[dict[str, Any]], float]] = []
        for index, part in enumerate(reply.parts):
            before = self._shown[index] if index < len(self._shown) else None
            if before == part:
                continue
            if isinstance(part, Sequence) and isinstance(before, Sequence) and _grew(before, part):
                new = part.lines[len(before.lines) :]
                if new:
                    added.append((index, self.renderer.lines(new, first=len(before.lines) + 1)))
                continue
            if isinstance(part, Picture) and not part.replays:
                drawn.append((index, [replay(it) for it in part.timelines], part.expected))
            if not (isinstance(part, Picture) and isinstance(before, Picture) and not part.alt):
                changed.append((index, self.renderer.part(part)))
        self._shown = reply.parts
        return {
            "set": changed,
            "add": added,
            "draw": drawn,
            "count": len(reply.parts),
            "final": reply.final,
            "failed": reply.failed,
        }


def records(reply: Reply) -> str:
    """Return the records of a reply's finished runs as JSON, by the index of the part; "": none.

    They are JSON already, made where they cannot hold up the event loop, and are not read here.
    """
    found = [
        f'"{index}":[{",".join(part.replays)}]'
        for index, part in enumerate(reply.parts)
        if isinstance(part, Picture) and part.replays
    ]
    return f"{{{','.join(found)}}}" if found else ""


def _grew(before: Sequence, after: Sequence) -> bool:
    return after.lines[: len(before.lines)] == before.lines

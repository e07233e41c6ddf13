"""From one update of a reply to the next: only what changed goes to the browser.

A reply's update is the whole answer so far, and a run makes many. Parts that stayed the same
are not rendered again, and a growing sequence sends only its new lines, so the cost of a run
grows with what it prints and not with its square.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from bot.platforms.web.render import HtmlRenderer
from bot.tutor.model import Part, Picture, Reply, Sequence


@dataclass(slots=True)
class Patches:
    """Turns the updates of one reply into patches, each on top of the one before it."""

    renderer: HtmlRenderer
    _shown: tuple[Part, ...] = field(default=(), init=False)

    def new_pictures(self, reply: Reply) -> dict[int, Picture]:
        """Return the reply's pictures, by the index of the part, that the last patch lacks."""
        return {
            index: part
            for index, part in enumerate(reply.parts)
            if isinstance(part, Picture)
            and not (index < len(self._shown) and self._shown[index] is part)
        }

    def patch(
        self, reply: Reply, drawn: Mapping[int, str] = MappingProxyType({})
    ) -> dict[str, Any]:
        """Return what brings the browser from the last patch to `reply`, as JSON values.

        `drawn` holds the SVG of its pictures, by the index of the part.

        `set`: [index, html] of parts that are new or changed; `add`: [index, html] of list items
        to append to a sequence; `count`: how many parts there are now.
        """
        changed: list[tuple[int, str]] = []
        added: list[tuple[int, str]] = []
        for index, part in enumerate(reply.parts):
            before = self._shown[index] if index < len(self._shown) else None
            if before == part or _goes_without(part, before, index, drawn, final=reply.final):
                continue
            if isinstance(part, Sequence) and isinstance(before, Sequence) and _grew(before, part):
                new = part.lines[len(before.lines) :]
                if new:
                    added.append((index, self.renderer.lines(new)))
                continue
            changed.append((index, self.renderer.part(part, drawn.get(index, ""))))
        self._shown = reply.parts
        return {
            "set": changed,
            "add": added,
            "count": len(reply.parts),
            "final": reply.final,
            "failed": reply.failed,
        }


def _goes_without(
    part: Part, before: Part | None, index: int, drawn: Mapping[int, str], *, final: bool
) -> bool:
    """Tell whether a picture under way could not be drawn: the one before it stays for now."""
    both = isinstance(part, Picture) and isinstance(before, Picture)
    return both and not final and not drawn.get(index)


def _grew(before: Sequence, after: Sequence) -> bool:
    return after.lines[: len(before.lines)] == before.lines

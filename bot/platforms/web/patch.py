"""From one update of a reply to the next: only what changed goes to the browser.

A reply's update is the whole answer so far, and a run makes many. Parts that stayed the same
are not rendered again, and a growing sequence sends only its new lines, so the cost of a run
grows with what it prints and not with its square.
"""

from dataclasses import dataclass, field
from typing import Any

from bot.platforms.web.render import Renderer
from bot.tutor.model import Part, Reply, Sequence


@dataclass(slots=True)
class Patches:
    """Turns the updates of one reply into patches, each on top of the one before it."""

    renderer: Renderer
    _shown: tuple[Part, ...] = field(default=(), init=False)

    def patch(self, reply: Reply) -> dict[str, Any]:
        """Return what brings the browser from the last patch to `reply`, as JSON values.

        `set`: [index, html] of parts that are new or changed; `add`: [index, html] of list items
        to append to a sequence; `count`: how many parts there are now.
        """
        changed: list[tuple[int, str]] = []
        added: list[tuple[int, str]] = []
        for index, part in enumerate(reply.parts):
            before = self._shown[index] if index < len(self._shown) else None
            if before == part:
                continue
            if isinstance(part, Sequence) and isinstance(before, Sequence) and _grew(before, part):
                new = part.lines[len(before.lines) :]
                if new:
                    added.append((index, self.renderer.lines(new)))
                continue
            changed.append((index, self.renderer.part(part)))
        self._shown = reply.parts
        return {
            "set": changed,
            "add": added,
            "count": len(reply.parts),
            "final": reply.final,
            "failed": reply.failed,
        }


def _grew(before: Sequence, after: Sequence) -> bool:
    return after.lines[: len(before.lines)] == before.lines

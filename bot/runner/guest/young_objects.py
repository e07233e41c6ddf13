"""Lets the garbage collector come by when it would in a plain Python. Standard library only.

The collector comes whenever so many more objects were made than freed since it last did, 700 up to
Python 3.12. When that is can be seen: in when garbage is finalized, and, on 3.11, in whether a task
that is pending at the end says `running at` or `done, defined at` of its coroutine. A plain Python
makes most of these objects while it imports asyncio; here that is imported already.
"""

import gc
from types import CellType

_YOUNGEST = 0
"""The collector's first generation."""


class YoungObjects:
    """Objects that stand for those which a plain Python has made by a program's first call."""

    def __init__(self, usual: int) -> None:
        """Make none yet.

        :param usual: how many a plain Python counts once it has imported gc and asyncio
        """
        self._usual = usual
        self._objects: list[CellType] = []

    def complete(self) -> None:
        """Make as many as are missing now, or free as many as are too many."""
        surplus = gc.get_count()[_YOUNGEST] - self._usual
        if surplus > len(self._objects):
            gc.collect(_YOUNGEST)
            surplus = -self._usual
        if surplus > 0:
            del self._objects[-surplus:]
        else:
            # Cells: small, and no free list keeps them, so each one counts, freed ones too.
            self._objects += [CellType() for _ in range(-surplus)]

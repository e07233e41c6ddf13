"""One lane of a run, as the guest keeps it: a task's or a thread's. Standard library only."""

import weakref
from typing import TYPE_CHECKING, Any

from bot.runner.protocol import recorder_frames

if TYPE_CHECKING:
    from types import FrameType


class LaneOwner(weakref.ref[Any]):
    """A lane's task, for as long as anything else refers to it."""

    __slots__ = ("key",)
    key: int


class RecordedLane:
    """A task's or thread's line in the record."""

    __slots__ = (
        "activity",
        "cancels",
        "folded",
        "frame",
        "fresh",
        "held",
        "held_in",
        "id",
        "name",
        "over",
        "own",
        "owner",
        "place",
        "since",
        "title",
        "until",
        "yields",
        "yields_at",
    )

    def __init__(self, number: int, name: str) -> None:
        self.id = number
        self.name = name
        self.title = name
        """What others that wait for it call it."""
        self.activity = recorder_frames.RUNNING
        self.cancels = 0
        """How often its task was cancelled by the time it last became ready."""
        self.place = number
        """Its number and, `recorder_frames.LINE_BITS` higher, the source line where it is."""
        self.since = 0
        """When it, or the callback that stands on it, last began to run."""
        self.until = 0
        """When it last became ready while it ran: the end of that step."""
        self.held: dict[int, int] = {}
        """By source line: for how many nanoseconds calls that wait held its loop in its last step
        that had any."""
        self.held_in = -1
        """When that step began."""
        self.fresh = True
        """True until its first step: only then is a task's name final."""
        self.folded: RecordedLane | None = None
        """The lane of its creator, on which the steps of a task inside asyncio are shown."""
        self.over = False
        """True once its end is recorded."""
        self.frame: FrameType | None = None
        """Its task's outermost frame, from when it first lets the others go first until it waits or
        ends: until then its loop keeps the task, and so the frame, alive as well."""
        self.yields = 0
        """What is packed beside its state where it lets the others go first: its place, and that it
        does so by itself."""
        self.yields_at = -1
        """At which instruction of `frame` that was found."""
        self.own = False
        """True where its task runs a coroutine function that is the scenario's own."""
        self.owner: LaneOwner | None = None

    @property
    def line(self) -> int:
        """The source line where it is; 0 where that is not known."""
        return self.place >> recorder_frames.LINE_BITS

    def move(self, line: int) -> None:
        """Say where it is, if that is known."""
        if line:
            self.place = self.id | line << recorder_frames.LINE_BITS

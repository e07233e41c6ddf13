"""Who does what: the guest's lanes, one a task and one a thread. Standard library only."""

import asyncio
import itertools
import threading
import weakref
from typing import Any

from bot.runner import wire
from bot.runner.channel import Channel, now

DESTROYED = "destroyed while pending"
"""What the end of a lane says whose task was freed before it was done."""
BLOCKED_NS = 100_000_000
"""How long a loop's thread must be held for the loop to count as blocked."""


class Lane:
    """A task's or thread's line in the record."""

    __slots__ = ("activity", "folded", "fresh", "id", "name", "over", "owner", "since", "title")

    def __init__(self, number: int, name: str) -> None:
        self.id = number
        self.name = name
        self.title = name
        """What others that wait for it call it."""
        self.activity = wire.RUNNING
        self.since = 0
        """When it, or the callback that stands on it, last began to run."""
        self.fresh = True
        """True until its first step: only then is a task's name final."""
        self.folded = False
        """True for a task inside asyncio whose steps are shown on the lane of its creator."""
        self.over = False
        """True once its end is recorded."""
        self.owner: Any = None


class Lanes:
    """All lanes of a run, and how they come into the record."""

    def __init__(self, channel: Channel) -> None:
        self.main = Lane(0, "main")
        self.tasks: dict[int, Lane] = {}
        """By the task's identity; an entry goes when the task ends or is freed."""
        self.threads: dict[int, Lane] = {threading.get_ident(): self.main}
        """By the thread's identity, for threads that run now."""
        self.unborn: dict[int, list[Lane | None]] = {}
        """By thread: lanes of tasks that are being created and may have begun to run."""
        self._channel = channel
        self._numbers = itertools.count(1)
        self._lock = threading.Lock()
        self._full = False

    def reset(self) -> None:
        """Forget all but the main lane, and make it the calling thread's."""
        self.threads.clear()
        self.threads[threading.get_ident()] = self.main
        self.tasks.clear()
        self.unborn.clear()
        self._numbers = itertools.count(1)
        self.main.activity, self.main.since, self.main.over = wire.RUNNING, 0, False

    def of_thread(self) -> Lane:
        """Return the calling thread's own lane; main's for a thread that is not Python's."""
        return self.threads.get(threading.get_ident(), self.main)

    def current(self) -> Lane:
        """Return the lane of whoever calls: a task, or else a thread."""
        loop = asyncio._get_running_loop()  # noqa: SLF001 - the public one raises, and is slower
        if loop is None:
            return self.of_thread()
        task = asyncio.current_task(loop)
        if task is None:
            return self.of_thread()
        lane = self.tasks.get(id(task))
        if lane is None:
            return self._newborn(task) or self.of_thread()
        return lane

    def speaker(self) -> int:
        """Return the number of the lane that prints now.

        A callback of the loop that is no task's stands on its thread's lane, which the record
        otherwise shows as waiting for the loop: here it is seen to run.
        """
        lane = self.current()
        owner = lane.owner
        if lane.activity == wire.WAITING and owner is None and lane.since:
            self.state(lane, wire.RUNNING, at=lane.since)
        if owner is not None and not lane.fresh:
            self.check_name(lane)
        return lane.id

    def state(  # noqa: PLR0917 - what a state says
        self,
        lane: Lane,
        activity: int,
        on: wire.On = wire.NOTHING,
        at: int = 0,
        line: int = 0,
        by: int = wire.NOBODY,
    ) -> None:
        """Record what a lane does from now, or from `at`, on."""
        lane.activity = activity
        word = self._channel.word(on) if on is not wire.NOTHING else 0
        self._channel.add(wire.state(activity, lane.id, at or now(), word, line=line, by=by))

    def born(self, kind: int, parent: Lane, name: str, code: str, at: int) -> Lane | None:
        """Record a birth; return None where there are too many lanes already."""
        with self._lock:
            number = next(self._numbers)
            if number >= wire.MAX_LANES:
                self._cut(at)
                return None
            lane = Lane(number, name)
            self._channel.add(wire.birth(kind, number, at, parent=parent.id, name=name, code=code))
            return lane

    def bind(self, lane: Lane, task: Any) -> None:
        """Make `lane` the one of `task`, for as long as the task lives."""
        key = id(task)
        self.tasks[key] = lane
        lane.owner = weakref.ref(task, lambda _: self._freed(key))

    def check_name(self, lane: Lane) -> None:
        """Record that a task has another name by now."""
        owner = lane.owner() if lane.owner is not None else None
        if owner is None or lane.folded:
            return
        name = str(owner.get_name())
        # Python 3.13.0 calls every task that a factory makes "None".
        if name not in {lane.name, "None"}:
            self.rename(lane, name)

    def rename(self, lane: Lane, name: str) -> None:
        """Record a lane's new name."""
        lane.name = name
        label = wire.clipped(name, wire.MAX_NAME)
        self._channel.add(wire.frame(wire.NAMED, 0, lane.id, now(), label))

    def left(self, lane: Lane, how: int, error: str = "", at: int = 0) -> None:
        """Record a lane's end, once."""
        if lane.over:
            return
        lane.over = True
        text = wire.clipped(error, wire.MAX_NAME)
        self._channel.add(wire.frame(wire.LEFT, how, lane.id, at or now(), text))

    def blocked(self, lane: Lane, at: int) -> None:
        """Record that `lane` held its loop's thread from when it began to run until `at`."""
        payload = wire.MOMENT.pack(lane.since)
        self._channel.add(wire.frame(wire.BLOCKED, 0, lane.id, at, payload))

    def _freed(self, key: int) -> None:
        """Record what became of a task that was pending when its last reference went."""
        lane = self.tasks.pop(key, None)
        if lane is not None and not lane.folded:
            self.left(lane, wire.FAILED, DESTROYED)

    def _newborn(self, task: Any) -> Lane | None:
        """Return the lane of a task that runs before its creation has returned."""
        unborn = self.unborn.get(threading.get_ident())
        lane = unborn[-1] if unborn else None
        if lane is not None:
            self.bind(lane, task)
            self.state(lane, wire.RUNNING, at=lane.since)
        return lane

    def _cut(self, at: int) -> None:
        """Record, once, that more tasks and threads exist than lanes."""
        if not self._full:
            self._full = True
            reason = f"more than {wire.MAX_LANES:,} tasks and threads".encode()
            self._channel.add(wire.frame(wire.CUT, 0, 0, at, reason))

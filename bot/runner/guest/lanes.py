"""Who does what: the guest's lanes, one a task and one a thread. Standard library only."""

# ruff: noqa: SLF001 - asyncio's public way to the running loop raises, and is slower

import asyncio
import itertools
import threading
from typing import TYPE_CHECKING, Any

from bot.runner.guest.hooks.locks import OwnLock
from bot.runner.guest.hooks.thrown import is_thrown
from bot.runner.guest.recorded_lane import LaneOwner, RecordedLane
from bot.runner.guest.recorder_pipe import RecorderPipe, now
from bot.runner.protocol import recorder_frames

if TYPE_CHECKING:
    from collections.abc import Callable

DESTROYED = "destroyed while pending"
"""What the end of a lane says whose task was freed before it was done."""
BLOCKED_NS = 100_000_000
"""How long a loop's thread must be held for the loop to count as blocked."""

identity = object.__hash__
"""What tells one living object from others, as `id` does, which raises an audit event each time."""
_PYTHONS_TASK = getattr(asyncio.tasks, "_py_current_task", None)


class Lanes:
    """All lanes of a run, and how they come into the record."""

    def __init__(self, pipe: RecorderPipe) -> None:
        self.main = RecordedLane(0, "main")
        self.tasks: dict[int, RecordedLane] = {}
        """By the task's identity; an entry goes when the task ends or is freed."""
        self.threads: dict[int, RecordedLane] = {threading.get_ident(): self.main}
        """By the thread's identity, for threads that run now."""
        self.causes: dict[int, int] = {}
        """By thread: why its loop runs the callback that it runs now, as the frames number it."""
        self.asked: dict[int, tuple[int, int]] = {}
        """By the identity of a loop's handle: the callback's, and who asked for the call."""
        self.destroyed: set[int] = set()
        """Identities of tasks that were freed before they were done."""
        self.full = False
        """True once there are more tasks and threads than lanes."""
        self.adopt: Callable[[Any], RecordedLane | None] = lambda _: None
        """Returns the lane of a task that runs and has none yet, if it is to have one."""
        self._pipe = pipe
        self._numbers = itertools.count(1)
        self._lock = OwnLock()

    def reset(self) -> None:
        """Forget all but the main lane, and make it the calling thread's."""
        self.threads.clear()
        self.threads[threading.get_ident()] = self.main
        self.tasks.clear()
        self.causes.clear()
        self.asked.clear()
        self.destroyed.clear()
        self._numbers = itertools.count(1)
        main = self.main
        main.activity, main.since, main.over, main.place = (
            recorder_frames.RUNNING,
            0,
            False,
            main.id,
        )

    def of_thread(self) -> RecordedLane:
        """Return the calling thread's own lane; main's for a thread that is not Python's."""
        return self.threads.get(threading.get_ident(), self.main)

    def current(self) -> RecordedLane:
        """Return the caller's lane: a task's, or else its thread's."""
        loop = asyncio._get_running_loop()
        task = _task_of(loop) if loop is not None else None
        if task is None:
            return self.of_thread()
        return self.tasks.get(identity(task)) or self.adopt(task) or self.of_thread()

    def cause(self) -> int:
        """Return the cause to record for a lane that is made ready now."""
        loop = asyncio._get_running_loop()
        if loop is not None:
            task = _task_of(loop)
            if task is not None:
                lane = self.tasks.get(identity(task)) or self.adopt(task)
                return (
                    lane.id + recorder_frames.LANES if lane is not None else recorder_frames.NOBODY
                )
            cause = self.causes.get(threading.get_ident())
            if cause is not None:
                return cause
        return self.of_thread().id + recorder_frames.LANES

    def speaker(self) -> int:
        """Return the number of the lane that prints now.

        A callback of the event loop that belongs to no task prints on its thread's lane. That lane
        was recorded as waiting for the loop; it is now recorded as running.
        """
        lane = self.current()
        owner = lane.owner
        if lane.activity == recorder_frames.WAITING and owner is None and lane.since:
            self.state(lane, recorder_frames.RUNNING, at=lane.since)
        if owner is not None and not lane.fresh:
            self.check_name(lane)
        return lane.id

    def state(
        self,
        lane: RecordedLane,
        activity: int,
        on: recorder_frames.On = recorder_frames.NOTHING,
        at: int = 0,
        by: int = recorder_frames.NOBODY,
    ) -> None:
        """Record what a lane does from now, or from `at`, on; where, it says itself."""
        lane.activity = activity
        what = recorder_frames.STATE_IS[activity]
        if on is not recorder_frames.NOTHING:
            what |= self._pipe.word(on) << recorder_frames.WORD_BITS
        self._pipe.add(
            recorder_frames.pack_state(
                what, lane.place | by << recorder_frames.BY_BITS, at or now()
            )
        )

    def born(  # noqa: PLR0917 - a birth has this many facts
        self, kind: int, parent: RecordedLane, name: str, code: str, at: int, line: int
    ) -> RecordedLane | None:
        """Record a birth; return None where there are too many lanes already."""
        if self.full:
            return None
        return self._lock.hold(self._bear, kind, parent, name, code, at, line)

    def _bear(  # noqa: PLR0917 - as above
        self, kind: int, parent: RecordedLane, name: str, code: str, at: int, line: int
    ) -> RecordedLane | None:
        number = next(self._numbers)
        if number >= recorder_frames.MAX_LANES:
            self._cut(at)
            return None
        lane = RecordedLane(number, name)
        lane.move(line)
        self._pipe.add(
            recorder_frames.birth(
                kind, number, at, parent=parent.id, name=name, code=code, line=line
            )
        )
        return lane

    def interrupted(self, lane: RecordedLane, task: Any) -> bool:
        """Tell whether a task was cancelled since it last became ready."""
        try:
            cancels = int(task.cancelling())
        except Exception as error:  # the scenario's own class of tasks may raise anything
            if is_thrown(error):
                raise
            return False
        before, lane.cancels = lane.cancels, cancels
        return cancels > before

    def bind(self, lane: RecordedLane, task: Any) -> None:
        """Make `lane` the one of `task`, for as long as the task lives."""
        lane.owner = owner = LaneOwner(task, self._freed)
        owner.key = key = identity(task)
        self.tasks[key] = lane

    def forget_frames(self) -> None:
        """Let go of all frames: a loop has ended, which keeps its tasks alive no longer."""
        for lane in tuple(self.tasks.values()):
            lane.frame = None

    def check_name(self, lane: RecordedLane) -> None:
        """Record that a task has another name by now."""
        task = lane.owner() if lane.owner is not None else None
        if task is None or lane.folded is not None:
            return
        name = name_of(task)
        # Python 3.13.0 calls every task that a factory makes "None".
        if name not in {lane.name, "None", ""}:
            self.rename(lane, name)

    def rename(self, lane: RecordedLane, name: str) -> None:
        """Record a lane's new name."""
        lane.name = name
        label = recorder_frames.clipped(name, recorder_frames.MAX_NAME)
        self._pipe.add(recorder_frames.frame(recorder_frames.NAMED, 0, lane.id, now(), label))

    def left(
        self, lane: RecordedLane, how: int, error: str = "", at: int = 0, line: int = 0
    ) -> None:
        """Record a lane's end, once."""
        if lane.over:
            return
        lane.over = True
        text = recorder_frames.clipped(error, recorder_frames.MAX_NAME)
        self._pipe.add(
            recorder_frames.frame(recorder_frames.LEFT, how, lane.id, at or now(), text, line=line)
        )

    def held(self, lane: RecordedLane, at: int, spent: int) -> None:
        """Record that `lane` held its loop's thread from when it began to run until `at`, if so.

        :param spent: the recorder pipe's `spent` when it began: the time to record is not counted
        """
        held = lane.held if lane.held_in == lane.since else {}
        duration = sum(held.values())
        wall = at - lane.since
        recording = self._pipe.spent - spent
        # A call that waits does not record; another thread may meanwhile, and for long.
        own = max(duration, wall - recording)
        if own < BLOCKED_NS:
            return
        used = self._pipe.processor.used_at_most(lane.since)
        if used is not None and used - used * recording // wall < min(own * 9 // 10, BLOCKED_NS):
            return  # it neither slept nor computed so long: meanwhile it had no processor
        most = max(held, key=held.__getitem__, default=0)
        line = lane.line if 2 * duration < own else most
        payload = recorder_frames.MOMENT.pack(lane.since)
        self._pipe.add(
            recorder_frames.frame(recorder_frames.BLOCKED, 0, lane.id, at, payload, line=line)
        )

    def _freed(self, owner: LaneOwner) -> None:
        """Record what became of a task that was pending when its last reference went."""
        lane = self.tasks.pop(owner.key, None)
        if lane is not None and lane.folded is None:
            self.destroyed.add(owner.key)
            self.left(lane, recorder_frames.FAILED, DESTROYED)

    def _cut(self, at: int) -> None:
        """Record that more tasks and threads exist than lanes."""
        self.full = True
        reason = f"more than {recorder_frames.MAX_LANES:,} tasks and threads".encode()
        self._pipe.add(recorder_frames.frame(recorder_frames.CUT, 0, 0, at, reason))


def _task_of(loop: Any) -> Any:
    """Return the task that runs in a loop; since Python 3.14 those made in Python are apart."""
    return asyncio.current_task(loop) or (_PYTHONS_TASK and _PYTHONS_TASK(loop))


def name_of(task: Any) -> str:
    """Return a task's name, whatever the scenario's own class of tasks makes of it."""
    try:
        return str(task.get_name())
    except Exception as error:
        if is_thrown(error):
            raise
        return ""

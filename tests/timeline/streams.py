"""Event streams: legal ones, from a simulated scheduler; forged ones, from nowhere; recorded ones.

The simulation is a small event loop of its own. It runs made-up programs and reports them as the
recorder does, and knows the truth that a timeline must tell.
"""

import json
from dataclasses import dataclass, field
from heapq import heappop, heappush
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from bot.lessons.model import Locale
from bot.runner.host.decode import Decoder
from bot.runner.lane_events import (
    MAIN_LANE,
    LaneBorn,
    LaneEnded,
    LaneEnding,
    LaneNamed,
    LaneState,
    LoopBlocked,
    Wait,
)
from bot.runner.model import (
    Event,
    Failure,
    Finished,
    Limits,
    Line,
    Outcome,
    Refusal,
    Started,
    Usage,
    Warned,
)
from bot.runner.protocol import recorder_frames
from bot.timeline.model import Captions

DATA = Path(__file__).parent / "data"
NOTES = ("sync", "await", "create_task", "gather", "thread")

CAPTIONS = Captions(
    main="main thread",
    running="running",
    waiting="waiting",
    ready="ready",
    blocked="blocked",
    printed="printed",
    cancelled="cancelled",
    failed="failed",
    seconds=" s",
    more="+ {count} more",
    elapsed="{seconds} s",
    incomplete="incomplete",
    saved="{waits} s waited, {percent} % saved",
)

PROPERTY = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
"""How properties are tested: on a busy machine, too, so by no clock."""

BLOCKING = 0.1
"""Seconds of work in one step that count as blocking the loop."""


@dataclass(frozen=True)
class Work:
    seconds: float


@dataclass(frozen=True)
class Sleep:
    seconds: float


@dataclass(frozen=True)
class Print:
    text: str


@dataclass(frozen=True)
class Program:
    """What a task does: its steps, the tasks that it starts first and waits for last, its end."""

    name: str
    steps: tuple[Work | Sleep | Print, ...]
    children: tuple["Program", ...] = ()
    how: LaneEnding = "done"
    named: bool = False


@dataclass
class Truth:
    """A simulated run: what is reported of it, and what is so."""

    events: list[Event] = field(default_factory=list)
    slept: float = 0.0
    lanes: int = 1
    deepest_sleep: float = 0.0
    """The most that any one lane slept."""


@dataclass
class _Task:
    lane: int
    program: Program
    parent: "_Task | None" = None
    position: int = 0
    begun: bool = False
    awaited: int = 0
    gathering: bool = False
    slept: float = 0.0


class Simulation:
    """A single-threaded event loop that runs programs on a clock of its own."""

    def __init__(self) -> None:
        self.truth = Truth()
        self.now = 0.001
        self._ready: list[_Task] = []
        self._timers: list[tuple[float, int, _Task]] = []

    def run(self, program: Program) -> Truth:
        say = self.truth.events
        say += [Started(0.0, "3.13.0"), LaneState(0.0, MAIN_LANE, "running")]
        self._create(program, None)
        idle = Wait("event loop")
        say.append(LaneState(self.now, MAIN_LANE, "waiting", "event loop", wait=idle))
        while self._ready or self._timers:
            if not self._ready:
                self.now = max(self.now, self._timers[0][0])
            while self._timers and self._timers[0][0] <= self.now:
                due, _, task = heappop(self._timers)
                say.append(LaneState(due, task.lane, "ready"))
                self._ready.append(task)
            if self._ready:
                self._step(self._ready.pop(0))
        self.now += 0.0001
        say.append(LaneState(self.now, MAIN_LANE, "running"))
        self.now += 0.0001
        say.append(LaneEnded(self.now, MAIN_LANE, "done"))
        say.append(Finished(Outcome.OK, self.now))
        return self.truth

    def _create(self, program: Program, parent: _Task | None) -> None:
        lane = self.truth.lanes
        self.truth.lanes += 1
        above = MAIN_LANE if parent is None else parent.lane
        self.truth.events += [
            LaneBorn(self.now, lane, "task", f"Task-{lane}", program.name, above),
            LaneState(self.now, lane, "ready"),
        ]
        self._ready.append(_Task(lane, program, parent))

    def _step(self, task: _Task) -> None:
        """Run a task until it waits or ends."""
        say, since = self.truth.events, self.now
        say.append(LaneState(self.now, task.lane, "running"))
        if not task.begun:
            task.begun = True
            if task.program.named:
                say.append(LaneNamed(self.now, task.lane, f"job {task.program.name}"))
            for child in task.program.children:
                self.now += 0.00001
                self._create(child, task)
                task.awaited += 1
        waits = self._work(task)
        if self.now - since >= BLOCKING:
            say.append(LoopBlocked(self.now, task.lane, since))
        if waits:
            say.append(LaneState(self.now, task.lane, "waiting", *waits))
            return
        say.append(LaneEnded(self.now, task.lane, task.program.how, _error(task.program)))
        if task.parent is not None:
            task.parent.awaited -= 1
            parent = task.parent
            if parent.gathering and not parent.awaited:
                say.append(LaneState(self.now, parent.lane, "ready"))
                self._ready.append(parent)

    def _work(self, task: _Task) -> tuple[str, None, None, Wait] | None:
        """Take a task's next steps; return what it then waits for, or None at its end."""
        while task.position < len(task.program.steps):
            step = task.program.steps[task.position]
            task.position += 1
            self.now += 0.00001
            match step:
                case Work(seconds):
                    self.now += seconds
                case Print(text):
                    self.truth.events.append(Line(self.now, text, lane=task.lane))
                case Sleep(seconds):
                    heappush(self._timers, (self.now + seconds, task.lane, task))
                    self.truth.slept += seconds
                    task.slept += seconds
                    self.truth.deepest_sleep = max(self.truth.deepest_sleep, task.slept)
                    return f"sleep({seconds:g})", None, None, Wait("sleep", seconds=seconds)
        self.now += 0.00001
        task.gathering = task.awaited > 0
        return ("gather", None, None, Wait("gather")) if task.gathering else None


def _error(program: Program) -> str:
    return "ValueError: it broke" if program.how == "failed" else ""


_texts = st.text(max_size=30)
_seconds = st.sampled_from((0.00002, 0.001, 0.02, 0.3, 1.5))
_steps = st.one_of(st.builds(Work, _seconds), st.builds(Sleep, _seconds), st.builds(Print, _texts))
_names = st.one_of(st.sampled_from(("worker", "fetch", "main.<locals>.job", "worker #1")), _texts)
_endings: st.SearchStrategy[LaneEnding] = st.sampled_from(("done", "cancelled", "failed"))


def _programs(
    children: st.SearchStrategy[tuple[Program, ...]],
) -> st.SearchStrategy[Program]:
    return st.builds(
        Program,
        _names,
        st.lists(_steps, max_size=6).map(tuple),
        children,
        _endings,
        st.booleans(),
    )


programs = st.recursive(
    _programs(st.just(())),
    lambda children: _programs(st.lists(children, max_size=5).map(tuple)),
    max_leaves=12,
)

legal = programs.map(lambda program: Simulation().run(program))

_ORIGIN = 1_000_000_000
_NOW = _ORIGIN + 10_000_000_000
_texts_of_frames = st.text(st.characters(), max_size=100)
_moments = st.one_of(
    st.integers(_ORIGIN, _NOW), st.sampled_from((0, _ORIGIN, _NOW, _NOW + 1, 2**64 - 1))
)
_small_numbers, _few_lanes, _lines = st.integers(0, 3), st.integers(0, 5), st.integers(0, 30)
_frames: st.SearchStrategy[bytes] = st.one_of(
    st.builds(
        lambda kind, lane, at, parent, name, code, line: recorder_frames.birth(
            kind, lane, at, parent=parent, name=name, code=code, line=line
        ),
        st.integers(0, 1),
        _few_lanes,
        _moments,
        _few_lanes,
        _texts_of_frames,
        _texts_of_frames,
        _lines,
    ),
    st.builds(
        lambda activity, lane, at, word, line, by: recorder_frames.state(
            activity, lane, at, word, line=line, by=by
        ),
        _small_numbers,
        _few_lanes,
        _moments,
        st.integers(0, 3),
        _lines,
        st.integers(0, 9),
    ),
    st.builds(
        lambda number, kind, name, seconds: recorder_frames.word(
            number, recorder_frames.On(kind, name, seconds)
        ),
        st.integers(1, 3),
        st.sampled_from(("sleep", "work", "gather")) | _texts_of_frames,
        _texts_of_frames,
        st.floats() | st.floats(0, 3),
    ),
    st.builds(
        lambda kind, small, lane, at, text: recorder_frames.frame(
            kind, small, lane, at, text.encode()
        ),
        st.sampled_from(
            (recorder_frames.LINE, recorder_frames.NAMED, recorder_frames.LEFT, recorder_frames.CUT)
        ),
        _small_numbers,
        _few_lanes,
        _moments,
        st.text(st.characters(exclude_categories=["Cs"]), max_size=300),
    ),
    st.builds(
        lambda lane, at, since: recorder_frames.frame(
            recorder_frames.BLOCKED, 0, lane, at, recorder_frames.MOMENT.pack(since)
        ),
        _few_lanes,
        _moments,
        _moments,
    ),
    st.binary(max_size=40),
)


def _decoded(frames: list[bytes], outcome: Outcome, elapsed: float) -> list[Event]:
    """Return what the runner makes of forged frames, and the end that it measures itself."""
    decoder = Decoder(Limits(), born_ns=0, clock=lambda: _NOW)
    data = recorder_frames.frame(recorder_frames.STARTED, 0, 0, _ORIGIN, b"3.13.0") + b"".join(
        frames
    )
    return [*decoder.feed(data), *decoder.finish(), Finished(outcome, elapsed)]


forged = st.builds(
    _decoded, st.lists(_frames, max_size=60), st.sampled_from(Outcome), st.floats(0, 12)
)


def waiting(at: float, lane: int, kind: str, seconds: float | None = None) -> LaneState:
    """Return the event of a lane that begins to wait."""
    on = kind if seconds is None else f"{kind}({seconds:g})"
    return LaneState(at, lane, "waiting", on, wait=Wait(kind, seconds=seconds))


def many(count: int, *, blocks: int = -1) -> list[Event]:
    """Return a run of `count` tasks that sleep ever longer; one of them may block the loop."""
    workers = tuple(
        Program(
            "worker",
            (
                Print(f"start {number}"),
                Work(0.5 if number == blocks else 0.0),
                Sleep(1 + number / 20),
                Print(f"end {number}"),
            ),
        )
        for number in range(count)
    )
    return Simulation().run(Program("main", (), workers)).events


_KINDS: dict[str, Any] = {
    "started": Started,
    "line": Line,
    "lane-born": LaneBorn,
    "lane-named": LaneNamed,
    "loop-blocked": LoopBlocked,
    "lane-ended": LaneEnded,
    "warned": Warned,
}


def recorded(name: str, locale: Locale = "ko") -> list[Event]:
    """Return a run that was recorded with `tutor run --json`."""
    lines = (DATA / f"{name}.{locale}.jsonl").read_text("utf-8").splitlines()
    return [_event(json.loads(line)) for line in lines]


def _event(fields: dict[str, Any]) -> Event:
    kind = fields.pop("event")
    if kind == "lane-state":
        on = {name: fields.pop(name) for name in ("kind", "name", "seconds")}
        waits = fields["activity"] == "waiting"
        return LaneState(**fields, wait=Wait(**on) if waits else None)
    if kind != "finished":
        event: Event = _KINDS[kind](**fields)
        return event
    failure = fields.pop("failure")
    return Finished(
        Outcome(fields.pop("outcome")),
        usage=Usage(**fields.pop("usage")),
        failure=Failure(**failure) if failure else None,
        refused=tuple(Refusal(**one) for one in fields.pop("refused")),
        **fields,
    )

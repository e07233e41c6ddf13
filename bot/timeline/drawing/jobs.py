"""What there is to make of a run's record, as jobs that can be done in another process.

A job travels to the process as pickled frames; what it made comes back as bytes that need no
unpickling: JSON, or pixels. So a process that hostile text has broken cannot break the bot.
"""

import dataclasses
import io
import pickle
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from operator import attrgetter
from typing import TYPE_CHECKING, Any, BinaryIO, Self, get_args

from pydantic import TypeAdapter

from bot.runner.lane_events import Wait
from bot.runner.model import Event
from bot.timeline.explanation import Explanation, explain_run
from bot.timeline.layout import lay_out
from bot.timeline.model import Captions, Lane, Mark, Span, Timeline
from bot.timeline.replay import REPLAY_LANES, REPLAY_SPANS, replay_json

if TYPE_CHECKING:
    from bot.timeline.drawing.png import Painter

_EVENTS_AT_ONCE = 1_000
"""Events in one frame: packing them takes about half a millisecond of the loop's time."""

MOST_EVENTS = 100_000
"""Events of a run that are laid out; what comes after them is not."""


class PackedEvents(tuple[Event, ...]):  # noqa: SLOT001 - what was packed is kept beside the items
    """A run's events, which are packed once, however many jobs they are sent beside."""

    @classmethod
    def of(cls, events: Iterable[Event]) -> Self:
        """Return these events packed once: themselves, where they are so already."""
        return events if isinstance(events, cls) else cls(events)

    @property
    def starts(self) -> range:
        """Where each of its frames begins."""
        return range(0, min(len(self), MOST_EVENTS), _EVENTS_AT_ONCE)

    def frames(self) -> Iterator[bytes]:
        """Yield the frames that carry the first `MOST_EVENTS` of them, each quickly made."""
        for number, start in enumerate(self.starts):
            if number == len(self._packed):
                self._packed.append(_pickled(self[start : start + _EVENTS_AT_ONCE]))
            yield self._packed[number]

    @cached_property
    def _packed(self) -> list[bytes]:
        return []


@dataclass(frozen=True, slots=True)
class LayOut:
    """Lay a run out; makes a `Timeline`, as JSON. The events are sent beside the job."""

    title: str
    captions: Captions
    now: float | None = None
    events: tuple[Event, ...] = ()


@dataclass(frozen=True, slots=True)
class DrawPng:
    """Draw timelines as pixels; makes a PNG."""

    timelines: tuple[Timeline, ...]
    captions: Captions


@dataclass(frozen=True, slots=True)
class FindCauses:
    """Explain a finished run; makes an `Explanation`, as JSON. The events are sent beside it."""

    code: str
    main: str
    events: tuple[Event, ...] = ()


@dataclass(frozen=True, slots=True)
class MakeReplay:
    """Lay a finished run out to be stepped through; makes the JSON of `bot.timeline.replay`."""

    title: str
    captions: Captions
    events: tuple[Event, ...] = ()


@dataclass(frozen=True, slots=True)
class DrawGif:
    """Draw a finished run as an animation; makes a GIF, or nothing where it would be too large."""

    timeline: Timeline
    code: str
    captions: Captions


Job = LayOut | FindCauses | MakeReplay | DrawPng | DrawGif
_WithEvents = LayOut | FindCauses | MakeReplay
"""Jobs whose events are sent beside them."""


class Drawer:
    """Does jobs. Holds the fonts once the first PNG is drawn, so keep one."""

    def __init__(self) -> None:
        self._painter: Painter | None = None

    def do(self, job: Job) -> bytes:
        """Do a job; return what it makes. It takes processor time and blocks."""
        match job:
            case LayOut():
                return _timelines().dump_json(_laid_out(job, now=job.now), exclude_defaults=True)
            case FindCauses():
                return _explanations().dump_json(explain_run(job.events, job.code, job.main))
            case MakeReplay():
                limits = {"max_lanes": REPLAY_LANES, "max_spans": REPLAY_SPANS}
                return replay_json(_laid_out(job, **limits)).encode("ascii")
            case DrawGif():
                from bot.timeline.drawing.animation import gif  # noqa: PLC0415 - as below

                return gif(job.timeline, job.code, job.captions, self._pixels())
            case DrawPng():
                return self._pixels().png(job.timelines, job.captions)

    def _pixels(self) -> "Painter":
        from bot.timeline.drawing.png import Painter  # noqa: PLC0415 - layouts need no fonts

        self._painter = self._painter or Painter()
        return self._painter


def _laid_out(job: LayOut | MakeReplay, **further: Any) -> Timeline:
    return lay_out(job.events[:MOST_EVENTS], title=job.title, captions=job.captions, **further)


def timeline_of(made: bytes) -> Timeline:
    """Read a timeline that `LayOut` made.

    :raises ValueError: if it is none
    """
    return _timelines().validate_json(made)


def explanation_of(made: bytes) -> Explanation:
    """Read an explanation that `FindCauses` made.

    :raises ValueError: if it is none
    """
    return _explanations().validate_json(made)


@cache
def _explanations() -> TypeAdapter[Explanation]:
    return TypeAdapter(Explanation)


@cache
def _timelines() -> TypeAdapter[Timeline]:
    return TypeAdapter(Timeline)


def job_frames(job: Job) -> Iterator[bytes]:
    """Yield a job as frames: itself first, then its events, each of them quickly made."""
    events = PackedEvents()
    if isinstance(job, _WithEvents):
        events = PackedEvents.of(job.events)
        job = dataclasses.replace(job, events=())
    yield _pickled((job, len(events.starts)))
    yield from events.frames()


def read_job(frames: Iterator[bytes]) -> Job:
    """Read a job from its frames, which `job_frames` made: they are trusted."""
    job: Job
    job, count = pickle.loads(next(frames))  # noqa: S301 - the bot itself sends them
    if isinstance(job, _WithEvents):
        parts = [pickle.loads(next(frames)) for _ in range(count)]  # noqa: S301 - as above
        job = dataclasses.replace(job, events=tuple(event for part in parts for event in part))
    return job


class _Pickler(pickle.Pickler):
    """Packs the small values, of which there are many, five times as fast as pickle by itself."""

    def __init__(self, file: BinaryIO) -> None:
        super().__init__(file, protocol=5)
        self.dispatch_table = _reducers()


def _pickled(value: object) -> bytes:
    file = io.BytesIO()
    _Pickler(file).dump(value)
    return file.getvalue()


@cache
def _reducers() -> dict[type, Callable[[Any], Any]]:
    return {kind: _reducer(kind) for kind in (*get_args(Event), Span, Mark, Lane, Wait)}


def _reducer(kind: type) -> Callable[[Any], Any]:
    get = attrgetter(*(field.name for field in dataclasses.fields(kind)))
    return lambda value: (kind, get(value))

"""The protocol between fronts and workers, version 1: subjects, messages, and what time allows.

docs/worker-protocol.md describes it for those who write another end. Within a version, fields are
only added; what an end does not know, it ignores. Neither end believes the other: every message is
bounded and checked here, events once more by `checked_events`.
"""

import base64
import binascii
import re
import zlib
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError
from pydantic_core import from_json

from bot.runner.jsonl import EVENT_NAMES
from bot.runner.model import Event, Limits, RunRequest

VERSION = 1
LARGEST_MESSAGE = 512 * 2**10
"""Bytes; no message of either end is larger. NATS allows 1 MiB by default."""
_LARGEST_CODE = 8 * 2**20
_PREFIX = f"tutor.v{VERSION}"
_NAME = r"[A-Za-z0-9_-]{1,64}"
_WORKER = re.compile(rf"{_NAME}\.[0-9a-f]{{8}}")
_STATUS = re.compile(rf"tutor\.v(\d{{1,9}})\.status\.({_NAME}\.[0-9a-f]{{8}})")

WorkerAnswer = Literal["accepted", "full", "draining"]


class ProtocolError(Exception):
    """The other end sent what the protocol does not allow."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What time and size allow. All durations are in seconds, by the listener's own clock."""

    status: float = 0.5
    """Between two words of a worker on how it is."""
    forgotten: float = 1.5
    """A worker that says nothing for so long gets no runs."""
    answer: float = 1.0
    """Within it a worker answers a request."""
    heartbeat: float = 1.0
    """Of each front always, of each run while it has nothing to tell."""
    run_silence: float = 3.0
    """A run of which nothing is heard for so long is lost."""
    front_silence: float = 5.0
    """A front of which nothing is heard for so long has its runs ended."""
    batch: float = 0.02
    """The longest that events wait for others; lines and the end never wait."""
    batch_bytes: int = 32_000
    credit: int = 16
    """Batches that a worker may send ahead of the reader."""
    late: float = 0.1
    """A worker whose loop was late by so much since its last word measures no honest times."""
    patience: float = 15.0
    """The longest that a run waits for a place where all workers are full."""
    alone: float = 3.0
    """The longest that a run waits for a worker where there is none at all."""
    set_aside: float = 30.0
    """For so long a worker that broke the protocol gets no runs."""
    unanswered: float = 3.0
    """For so long one that did not answer gets none: it may only be busy."""


# Subjects. A worker is known as NAME.INSTANCE: the name is the operator's, and what NATS lets it
# read and write depends on it; the instance is made up at each start.


def status_subject(worker: str) -> str:
    """Where a worker says how it is."""
    return f"{_PREFIX}.status.{worker}"


STATUSES = "tutor.*.status.*.*"
"""How all workers are, those of other versions included."""


def request_subject(worker: str) -> str:
    """Where a worker takes requests."""
    return f"{_PREFIX}.worker.{worker}.run"


def control_subject(worker: str) -> str:
    """Where a worker is told of credit and cancellation."""
    return f"{_PREFIX}.worker.{worker}.control"


def front_subject(front: str) -> str:
    """Where a front says that it is there."""
    return f"{_PREFIX}.fronts.{front}"


FRONTS = f"{_PREFIX}.fronts.*"


def run_subject(front: str, worker: str, run: str) -> str:
    """Where a worker tells a front of a run."""
    return f"{_PREFIX}.front.{front}.{worker}.{run}"


def runs_subject(front: str) -> str:
    """All that workers tell a front."""
    return f"{_PREFIX}.front.{front}.*.*.*"


NEWS = f"{_PREFIX}.news"
"""Where a front says that the lessons were read again."""


def worker_name(text: str) -> str:
    """Return a name for a worker that can stand in a subject."""
    return re.sub(r"[^A-Za-z0-9_-]+", "-", text)[:64].strip("-") or "worker"


def read_status_subject(subject: str) -> tuple[int, str]:
    """Return the version that a worker speaks, and its id.

    :raises ProtocolError: if it is no such subject
    """
    found = _STATUS.fullmatch(subject)
    if found is None:
        raise ProtocolError("a status came by a subject of another shape")
    return int(found[1]), found[2]


# Messages.


class _Message(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class Status(_Message):
    """How a worker is."""

    id: str = Field(max_length=80)
    python: str = Field(max_length=32)
    """The version of the Python that runs scenarios."""
    layers: tuple[str, ...] = Field(max_length=32)
    """The layers of the confinement that are enforced."""
    missing: tuple[str, ...] = Field(max_length=32)
    """Those that should be, and are not."""
    capacity: int = Field(ge=0, le=10_000)
    running: int = Field(ge=0, le=100_000)
    lag: float = Field(ge=0, allow_inf_nan=False)
    """For how long the loop was late since the last status."""
    draining: bool = False


class RunMessage(_Message):
    """A request to one worker."""

    run: str = Field(pattern=r"^[0-9a-f]{32}$")
    front: str = Field(pattern=r"^[0-9a-f]{8}$")
    name: str = Field(max_length=200)
    code: str
    """The source, in UTF-8 (lone surrogates as they are), compressed by zlib, in base64."""
    limits: Limits
    deadline: float = Field(gt=0, le=3_600, allow_inf_nan=False)
    """After so long, from when it is accepted, the worker ends it in any case."""
    credit: int = Field(ge=1, le=10_000)

    def request(self) -> RunRequest:
        """Return what is to be run.

        :raises ProtocolError: if the code cannot be read
        """
        return RunRequest(_unpacked(self.code), self.name, self.limits)


class ToRun(_Message):
    """What a worker is told of a run under way."""

    run: str = Field(max_length=32)
    credit: int = Field(default=0, ge=0)
    """The number of the last batch that it may send."""
    cancel: bool = False


class FromRun(_Message):
    """What a front is told of a run: its answer, a batch, a heartbeat, or the worker's trouble."""

    n: int = Field(ge=0)
    """0: the answer. Else a batch's number, from 1; a heartbeat has the last one's."""
    answer: WorkerAnswer | None = None
    events: list[Any] = Field(default_factory=list, max_length=10_000)
    trouble: str = Field(default="", max_length=2_000)
    """Why the worker's sandbox cannot work, for operators; the run's last message."""


_Kind = TypeVar("_Kind", bound=_Message)


def encode(message: _Message) -> bytes:
    """Return a message as it is sent."""
    return message.model_dump_json(exclude_defaults=True).encode()


def decode(kind: type[_Kind], data: bytes) -> _Kind:
    """Return the message that was sent.

    :raises ProtocolError: if it is no such message
    """
    if len(data) > LARGEST_MESSAGE:
        raise ProtocolError(f"a message of {len(data)} bytes")
    try:
        # It refuses lone surrogates, which no front's text could carry on.
        return kind.model_validate(from_json(data, allow_inf_nan=False))
    except (ValidationError, ValueError):
        raise ProtocolError(f"bytes that are no {kind.__name__}") from None


def packed(code: str) -> str:
    """Return source code as it is sent."""
    return base64.b64encode(zlib.compress(code.encode("utf-8", "surrogatepass"), 1)).decode()


def _unpacked(code: str) -> str:
    try:
        inflate = zlib.decompressobj()
        data = inflate.decompress(base64.b64decode(code, validate=True), _LARGEST_CODE)
        if not inflate.eof:
            raise ProtocolError("code that is cut off, or too large")
        return data.decode("utf-8", "surrogatepass")
    except (binascii.Error, zlib.error, UnicodeDecodeError):
        raise ProtocolError("code that cannot be read") from None


# Events: [name, fields], the fields as docs/events.md has them but for those at their default.


@cache
def _adapters() -> dict[str, TypeAdapter[Any]]:
    return {name: TypeAdapter(kind) for kind, name in EVENT_NAMES.items()}


def encode_event(event: Event) -> bytes:
    """Return an event as it stands in a batch."""
    name = EVENT_NAMES[type(event)]
    fields = _adapters()[name].dump_json(event, exclude_defaults=True)
    return b'["%s",%s]' % (name.encode(), fields)


def decode_event(sent: Any) -> Event:
    """Return the event that stands in a batch.

    :raises ProtocolError: if it is none
    """
    try:
        name, fields = sent
        event: Event = _adapters()[name].validate_python(fields)
    except (KeyError, TypeError, ValueError):
        raise ProtocolError("something that is no event") from None
    return event


def batch(number: int, events: list[bytes]) -> bytes:
    """Return a batch of encoded events; without any, a heartbeat."""
    return b'{"n":%d,"events":[%s]}' % (number, b",".join(events))


def encode_trouble(number: int, why: str) -> bytes:
    """Return the last message of a run whose worker's sandbox cannot work."""
    return encode(FromRun(n=number, trouble=why.encode("utf-8", "replace").decode()[:2_000]))

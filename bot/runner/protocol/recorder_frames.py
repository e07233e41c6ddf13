"""The frames on the recorder's pipe, from the guest to the parent. Standard library only.

Every frame starts with the same 24 bytes: a mark by which the beginning of a frame is found
again after bytes that are none, the kind, a small number, a 16-bit argument, a lane, the lane or
other cause that made this one ready, the scenario's own line, and a time in nanoseconds of
`time.perf_counter_ns` (on Linux and macOS one clock for all processes). A `STATE` is nothing
more, because a scenario may switch tasks tens of thousands of times; its argument names a word
that a `WORD` frame defined. For all other kinds the argument is the length of the payload that
follows, so no frame can be longer than 64 KiB.

The guest's end writes these frames, and the scenario may write anything: see decode.py.
"""

from math import nan
from struct import Struct
from typing import Final, NamedTuple

HEADER: Final = Struct("<IBBHHHIQ")
"""Mark, kind, small number, argument, lane, by, source line, time."""
MARK: Final = 0xFE54_55FF
"""What every frame begins with: bytes that no UTF-8 text holds."""
MARK_BYTES: Final = MARK.to_bytes(4, "little")

STARTED: Final = 1
"""The first instruction is about to run; the payload is Python's version."""
LINE: Final = 2
"""Output of a lane. Small: `TO_STDERR` and `UNFINISHED`, or-ed. The payload is UTF-8."""
WORD: Final = 3
"""Defines the word whose number stands in the lane's place; it may be defined again. The payload
is `WAIT` and the texts that it measures: what a lane waits on, or runs."""
BORN: Final = 4
"""A lane's birth. Small: its kind. The payload is `BIRTH`, the name, the code's name."""
NAMED: Final = 5
"""A lane has a new name."""
STATE: Final = 6
"""A lane's activity (small) and what it is about (the argument: a word's number)."""
BLOCKED: Final = 7
"""A lane held its loop's thread; the payload is `MOMENT`, since when."""
LEFT: Final = 8
"""A lane's end. Small: how. The payload is the error's text."""
ENDED: Final = 9
"""The scenario's end. Small: how. The payload is `REPORT` and the texts that it measures."""
CUT: Final = 10
"""From here on the record is incomplete; the payload says why."""

REFUSED: Final = 11
"""The sandbox refused something. Small: what, an index of `REFUSALS`. The payload is its detail."""

STUCK: Final = 12
"""A thread waits, and only another thread can end that. Small: 1 from here on, 0 no longer."""

HIDDEN_FILE: Final = "<recorder>"
"""What the code of the recorder's functions names as its file. Only `faulthandler` shows it."""

REFUSALS: Final = ("network", "process", "file", "input", "module", "signal", "shared-memory")

TO_STDERR: Final = 1
UNFINISHED: Final = 2
"""More of the same line follows in another frame of the same lane and stream."""

TASK: Final = 0
THREAD: Final = 1

RUNNING: Final = 0
WAITING: Final = 1
READY: Final = 2
INTERRUPTED: Final = 3
"""Ready because it was cancelled: `cancel()` was called on it while it waited."""

DONE: Final = 0
CANCELLED: Final = 1
FAILED: Final = 2

FINE: Final = 0
RAISED: Final = 1
OUT_OF_MEMORY: Final = 2

NOBODY: Final = 0
"""`by`: not known, or no matter."""
CLOCK: Final = 1
"""`by`: a timer that was due."""
IO: Final = 2
"""`by`: a descriptor that became readable or writable."""
LANES: Final = 3
"""`by`: lane n is n more than this."""

WAIT: Final = Struct("<dHB")
"""Seconds asked for (not a number: none), the kind's length in bytes, and how many lines the stack
has; these follow as `STACK_LINE` each, then the kind and a name."""
STACK_LINE: Final = Struct("<I")
"""A source line, of a stack from the outermost call to the innermost."""
BIRTH: Final = Struct("<IH")
"""The parent's lane, and the name's length in bytes."""
MOMENT: Final = Struct("<Q")
"""A time, like the header's."""
REPORT: Final = Struct("<IHH")
"""A failure's line (0: none), and the lengths of its type and message; a traceback follows."""

MAX_PAYLOAD: Final = 0xFFFF
MAX_LANES: Final = 10_000
"""Tasks and threads beyond these have no lane of their own."""
MAX_WORDS: Final = 1 << 12
MAX_STACK: Final = 16
"""Lines of a stack; of a deeper one, the outermost and the innermost are kept."""
MAX_NAME: Final = 400
"""Bytes of a name, a word, or an error's text."""
MAX_MESSAGE: Final = 4_000
MAX_TRACEBACK: Final = 32_000


class On(NamedTuple):
    """What a word says: what a lane waits on, or what a pool's thread runs."""

    kind: str
    name: str = ""
    seconds: float | None = None
    stack: tuple[int, ...] = ()
    """The scenario's lines that are suspended there, from the outermost call to the innermost."""


NOTHING: Final = On("")
EVENT_LOOP: Final = On("event loop")
"""What a thread's own lane waits on while a loop runs its tasks."""

pack_state = Struct("<3Q").pack
"""Pack a state. It is made twice for each switch of tasks, so it is three numbers of 64 bits: what
it is (`STATE_IS`), where it is (lane, by and line), and its time."""
STATE_IS: Final = tuple(MARK | STATE << 32 | activity << 40 for activity in (0, 1, 2, 3))
"""By activity; the word's number comes 48 bits higher."""
WORD_BITS: Final = 48
BY_BITS: Final = 16
LINE_BITS: Final = 32
"""How much higher than the lane's number `by` and the source line come."""


def frame(
    kind: int, small: int, lane: int, at: int, payload: bytes = b"", *, line: int = 0
) -> bytes:
    """Return a frame of any kind but `STATE`.

    :param line: the scenario's own, counted from 1; 0 where it is not known
    """
    return HEADER.pack(MARK, kind, small, len(payload), lane, NOBODY, line, at) + payload


def state(
    activity: int, lane: int, at: int, word: int = 0, *, line: int = 0, by: int = NOBODY
) -> bytes:
    """Return the frame of a lane's activity."""
    return HEADER.pack(MARK, STATE, activity, word, lane, by, line, at)


def stamped(made: bytes, at: int) -> bytes:
    """Return a frame with another time."""
    return made[: HEADER.size - MOMENT.size] + MOMENT.pack(at) + made[HEADER.size :]


def word(number: int, on: On) -> bytes:
    """Return the frame that defines a word."""
    label = clipped(on.kind, MAX_NAME)
    asked = nan if on.seconds is None else on.seconds
    stack = on.stack if len(on.stack) <= MAX_STACK else (*on.stack[: MAX_STACK - 1], on.stack[-1])
    lines = b"".join(map(STACK_LINE.pack, stack))
    payload = WAIT.pack(asked, len(label), len(stack)) + lines + label + clipped(on.name, MAX_NAME)
    return frame(WORD, 0, number, 0, payload)


def clipped(text: str, limit: int) -> bytes:
    """Return `text` in at most `limit` bytes of UTF-8; a lone surrogate becomes its escape."""
    data = text[:limit].encode("utf-8", "backslashreplace")
    if len(data) <= limit:
        return data
    return data[:limit].decode("utf-8", "ignore").encode()


def birth(
    kind: int, lane: int, at: int, *, parent: int, name: str, code: str, line: int = 0
) -> bytes:
    """Return the frame of a lane's birth."""
    label = clipped(name, MAX_NAME)
    payload = BIRTH.pack(parent, len(label)) + label + clipped(code, MAX_NAME)
    return frame(BORN, kind, lane, at, payload, line=line)


def ending(
    how: int, at: int, *, line: int = 0, kind: str = "", message: str = "", traceback: str = ""
) -> bytes:
    """Return the frame of the scenario's end."""
    label, text = clipped(kind, MAX_NAME), clipped(message, MAX_MESSAGE)
    head = REPORT.pack(line, len(label), len(text))
    return frame(ENDED, how, 0, at, head + label + text + clipped(traceback, MAX_TRACEBACK))

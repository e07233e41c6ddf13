"""A process that lays out and draws: reads jobs from its input, and writes what it made.

It has an empty environment, no network of its own accord, and writes no file. It ends when its
input does, so that it never outlives the bot.
"""

import ctypes
import os
import resource
import signal
import struct
import sys
from collections.abc import Iterator
from itertools import chain
from typing import BinaryIO

from bot.timeline.drawing.jobs import Drawer, DrawGif, read_job

LENGTH = struct.Struct("!I")
"""Precedes every frame: how many bytes it has."""

MADE, FAILED = b"\x00", b"\x01"
"""The first byte of an answer: what was made follows, or what was wrong."""

_MEMORY = 2**30
_NICENESS = 2
"""A picture may wait for the runs that are being timed."""


def draw_jobs(seconds: float) -> None:
    """Do jobs until the input ends; a job that takes longer than `seconds` ends the process."""
    source, sink = sys.stdin.buffer, sys.stdout.buffer
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C goes to the whole group; the bot decides
    os.nice(_NICENESS)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    drawer = Drawer()
    frames = _frames(source)
    _write(sink, MADE)
    for first in frames:
        signal.setitimer(signal.ITIMER_REAL, seconds)  # SIGALRM ends what nobody waits for
        try:
            job = read_job(chain((first,), frames))
            answer = MADE + drawer.do(job)
            if isinstance(job, DrawGif):
                _give_memory_back()
        except Exception as error:  # noqa: BLE001 - one record must not cost the next its picture
            answer = FAILED + repr(error)[:200].encode("utf-8", "replace")
        signal.setitimer(signal.ITIMER_REAL, 0)
        _write(sink, answer)


def _give_memory_back() -> None:
    """Have the C library give free memory back: after an animation it keeps 50 MB and more of it.

    malloc_trim(3) is glibc's; where there is another library, nothing is done.
    """
    if (trim := getattr(ctypes.CDLL(None), "malloc_trim", None)) is not None:
        trim(0)


def _frames(source: BinaryIO) -> Iterator[bytes]:
    """Yield frames until the input ends."""
    while len(head := source.read(LENGTH.size)) == LENGTH.size:
        (size,) = LENGTH.unpack(head)
        frame = source.read(size)
        if len(frame) < size:
            return
        yield frame


def _write(sink: BinaryIO, answer: bytes) -> None:
    sink.write(LENGTH.pack(len(answer)))
    sink.write(answer)
    sink.flush()

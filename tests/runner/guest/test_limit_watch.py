"""The fork server's own look at processor time and deadlines, at real processes."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from bot.runner.guest import limit_watch
from bot.runner.guest.limit_watch import START, LimitWatch, processor_time

BUSY, SLEEPY = "while True: pass", "import time\ntime.sleep(60)"


@contextmanager
def process(code: str) -> Iterator[subprocess.Popen[bytes]]:
    with subprocess.Popen([sys.executable, "-I", "-S", "-c", code]) as made:
        yield made
        made.kill()


def look(watch: LimitWatch, made: subprocess.Popen[bytes], seconds: float) -> bool:
    """Look as a server does, for so long at most; tell whether the process was ended."""
    end = time.monotonic() + seconds
    while made.poll() is None and time.monotonic() < end:
        patience = watch.patience()
        time.sleep(0.05 if patience is None else min(patience, 0.05))
        watch.look()
    return made.poll() == -signal.SIGKILL


def test_the_exact_clock_of_another_process() -> None:
    with process(BUSY) as made:
        time.sleep(0.3)
        assert 0 < processor_time(made.pid) < 5
    assert processor_time(made.pid) == 0.0
    assert processor_time(os.getpid()) == pytest.approx(time.process_time(), abs=0.5)


def test_a_busy_process_is_ended_for_its_processor_time() -> None:
    watch, (word, _child) = LimitWatch(), socket.socketpair()
    with _child, process(BUSY) as made:
        watch.expect(made.pid, cpu_seconds=0.2, wall_seconds=60, word=word)
        assert look(watch, made, 20)
        assert watch.forget(made.pid) == "cpu_seconds"
    assert watch.forget(made.pid) == ""


def test_a_sleeping_process_is_ended_a_second_after_its_deadline_and_no_earlier() -> None:
    watch, (word, child) = LimitWatch(), socket.socketpair()
    with child, process(SLEEPY) as made:
        watch.expect(made.pid, cpu_seconds=5, wall_seconds=0.2, word=word)
        child.send(START.pack(time.monotonic()))
        assert not look(watch, made, 1.0)
        assert look(watch, made, 10)
        assert watch.forget(made.pid) == "wall_seconds"


def test_a_deadline_can_be_moved() -> None:
    watch, (word, child) = LimitWatch(), socket.socketpair()
    with child, process(SLEEPY) as made:
        watch.expect(made.pid, cpu_seconds=5, wall_seconds=0.1, word=word)
        child.send(START.pack(time.monotonic()))
        watch.extend(made.pid, 60)
        assert not look(watch, made, 1.5)
        watch.close()
        assert watch.patience() is None


def test_what_has_not_begun_is_not_late(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limit_watch, "GRACE_SECONDS", 0.0)
    watch, (word, child) = LimitWatch(), socket.socketpair()
    with child, process(SLEEPY) as made:
        watch.expect(made.pid, cpu_seconds=5, wall_seconds=0.1, word=word)
        assert not look(watch, made, 0.5)
        child.send(START.pack(time.monotonic()))
        assert look(watch, made, 10)
        watch.close()

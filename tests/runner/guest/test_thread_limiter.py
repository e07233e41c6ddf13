"""How the fork server answers who wants to start a thread: with a kernel that does as it is told.

The real kernel's questions: tests/attacks/ and tests/runner/host/test_local.py.
"""

import signal
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest

from bot.runner.guest import thread_limiter
from bot.runner.guest.proc_files import ProcFiles
from bot.runner.guest.thread_limiter import Questions, ThreadLimiter

_LONGER_THAN_A_BIRTH = 0.006


class Threads(ProcFiles):
    """Says how many threads a process has: the next of a list, whose last one stays."""

    def __init__(self) -> None:
        self.counts: dict[int, list[int]] = {}
        self.processes: dict[int, int] = {}  # thread → process

    def read(self, name: str) -> bytes:
        process = self.processes[int(name.removesuffix("/status"))]
        if process not in self.counts:
            raise ProcessLookupError(name)
        left = self.counts[process]
        count = left.pop(0) if len(left) > 1 else left[0]
        return b"Name:\tx\nTgid:\t%d\nThreads:\t%d\n" % (process, count)


class Kernel(Questions):
    """Asks what it was told to ask, and notes the answers."""

    def __init__(self) -> None:
        self.asked: list[tuple[int, int]] = []
        self.answers: dict[int, bool] = {}
        self.gone: set[int] = set()

    def fileno(self) -> int:
        raise AssertionError("nobody waits here")

    def receive(self) -> tuple[int, int]:
        return self.asked.pop(0)

    def answer(self, number: int, *, may: bool) -> bool:
        if number in self.gone:
            return False
        assert number not in self.answers, "each call goes on once"
        self.answers[number] = may
        return True


class Limited:
    """Runs, each a sleeping process, under one limiter."""

    def __init__(self, most: int | None = None) -> None:
        self.kernel, self.threads = Kernel(), Threads()
        self.limiter = ThreadLimiter(self.kernel, self.threads, most)
        self.processes: list[subprocess.Popen[bytes]] = []
        self._numbers = iter(range(1, 100_000))

    def run(self, threads: int, *counts: int) -> int:
        """Add a run that may have `threads`; it has `counts` of them, look after look."""
        made = subprocess.Popen([sys.executable, "-I", "-S", "-c", "import time; time.sleep(60)"])
        self.processes.append(made)
        self.limiter.expect(made.pid, threads)
        self.threads.processes[made.pid] = made.pid
        self.threads.counts[made.pid] = [*counts]
        return made.pid

    def ask(self, pid: int, thread: int | None = None) -> int:
        """Let a thread of a run ask; return the question's number."""
        number = next(self._numbers)
        self.threads.processes[thread or pid] = pid
        self.kernel.asked.append((number, thread or pid))
        assert self.limiter.answer()
        return number

    def settle(self) -> None:
        """Look as often as the limiter wants to, as the server's loop does."""
        while (patience := self.limiter.patience(None)) is not None:
            time.sleep(patience)
            self.limiter.look()

    def ended(self, pid: int) -> bool:
        made = next(one for one in self.processes if one.pid == pid)
        if not self.limiter.forget(pid):
            assert made.poll() is None
            return False
        return made.wait(10) == -signal.SIGKILL


@pytest.fixture
def limited() -> Iterator[Limited]:
    made = Limited()
    yield made
    for one in made.processes:
        one.kill()
        one.wait()


@pytest.fixture
def together() -> Iterator[Limited]:
    made = Limited(most=10)
    yield made
    for one in made.processes:
        one.kill()
        one.wait()


def test_below_its_limit_a_run_is_answered_at_once(limited: Limited) -> None:
    pid = limited.run(8, 7)
    assert limited.kernel.answers == {limited.ask(pid): True}
    assert limited.limiter.patience(None) is None
    assert limited.limiter.patience(3.0) == 3.0
    assert not limited.ended(pid)


def test_threads_that_are_joined_and_not_yet_gone_are_waited_for(limited: Limited) -> None:
    pid = limited.run(8, 8, 9, 8, 8, 7, 8)
    number = limited.ask(pid)
    assert limited.kernel.answers == {}, "neither refused nor let go on"
    patience = limited.limiter.patience(None)
    assert patience is not None
    assert patience <= 0.001
    limited.settle()
    assert limited.kernel.answers == {number: True}
    assert not limited.ended(pid)


def test_a_run_that_keeps_its_fill_is_ended(limited: Limited) -> None:
    pid, other = limited.run(8, 8), limited.run(8, 3)
    limited.ask(pid)
    limited.ask(pid, thread=5)
    begin = time.monotonic()
    for _ in range(4):  # meanwhile others are answered at once
        assert limited.kernel.answers[limited.ask(other)]
        time.sleep(limited.limiter.patience(None) or 0)
        limited.limiter.look()
    limited.settle()
    assert time.monotonic() - begin >= 0.25
    assert limited.kernel.answers.get(1) is None, "its threads are dead"
    assert limited.ended(pid)
    assert not limited.ended(other)


def test_who_ends_meanwhile_is_not_counted_any_more(limited: Limited) -> None:
    first, second = limited.run(8, 8), limited.run(8, 8)
    limited.ask(first)
    limited.ask(second)
    del limited.threads.counts[first]
    limited.limiter.forget(second)
    limited.settle()
    assert limited.kernel.answers == {}


def test_the_same_thread_asks_once_more_after_a_signal(limited: Limited) -> None:
    pid = limited.run(8, 8, 8, 7, 8)
    limited.kernel.gone.add(limited.ask(pid))
    again = limited.ask(pid)
    limited.settle()
    assert limited.kernel.answers == {again: True}
    assert not limited.ended(pid)


def test_signals_do_not_buy_a_run_more_time(limited: Limited) -> None:
    pid = limited.run(8, 8)
    limited.ask(pid)
    asked = 0
    while limited.limiter.patience(None) is not None:
        asked += 1
        limited.ask(pid)
        time.sleep(0.001)
        limited.limiter.look()
    assert 0 < asked < 1_000
    assert limited.ended(pid)


def test_there_is_room_for_as_many_held_questions_as_threads_ended(limited: Limited) -> None:
    pid = limited.run(8, 8, 8, 8, 6, 8)
    numbers = [limited.ask(pid, thread) for thread in (11, 12, 13)]
    time.sleep(limited.limiter.patience(None) or 0)
    limited.limiter.look()
    assert limited.kernel.answers == dict.fromkeys(numbers[:2], True)
    limited.settle()
    assert numbers[2] not in limited.kernel.answers
    assert limited.ended(pid)


def test_threads_that_ask_at_the_same_moment_get_no_more_than_the_limit(limited: Limited) -> None:
    pid = limited.run(8, 6)  # of those that start, none is counted yet
    numbers = [limited.ask(pid, thread) for thread in (11, 12, 13)]
    assert limited.kernel.answers == dict.fromkeys(numbers[:2], True)
    limited.threads.counts[pid] = [8]
    limited.settle()
    assert limited.ended(pid)


def test_one_thread_may_start_others_as_quickly_as_it_can(limited: Limited) -> None:
    pid = limited.run(8, *range(1, 8))
    assert all(limited.kernel.answers.get(limited.ask(pid)) for _ in range(7))
    assert limited.limiter.patience(None) is None


def test_a_run_does_not_make_us_count_for_ever(
    limited: Limited, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(thread_limiter, "_MOST_QUESTIONS", 20)
    pid, other = limited.run(8, *[8, 7] * 20), limited.run(8, 3)
    for _ in range(10):  # each is counted twice
        limited.ask(pid)
        limited.settle()
    assert all(limited.kernel.answers[number] for number in range(1, 11))
    assert limited.ask(pid) not in limited.kernel.answers, "the run is ended"
    assert limited.kernel.answers[limited.ask(other)]
    assert limited.ended(pid)


def test_who_is_no_run_gets_no_thread(limited: Limited) -> None:
    pid = limited.run(8, 1)
    limited.limiter.forget(pid)
    assert limited.kernel.answers == {limited.ask(pid): False}


def test_when_all_have_too_many_the_largest_is_ended(together: Limited) -> None:
    small, large = together.run(8, 3), together.run(8, 7)
    assert together.kernel.answers[together.ask(large)]
    time.sleep(_LONGER_THAN_A_BIRTH)
    together.threads.counts[large] = [8]
    assert together.kernel.answers[together.ask(small)]
    assert together.ended(large)
    assert not together.ended(small)

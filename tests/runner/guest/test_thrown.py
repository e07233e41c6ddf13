"""An exception that is thrown into a thread reaches the scenario, and the record stays whole."""

import signal
from collections.abc import Callable
from functools import partial
from typing import cast

from bot.runner.guest.hooks.thrown import is_thrown
from bot.runner.model import Limits
from tests.guests import Guests

THROW = """
    import ctypes, threading, time
    class Stop(Exception): pass
    def throw(thread):
        ident = ctypes.c_ulong(thread.ident)
        return ctypes.pythonapi.PyThreadState_SetAsyncExc(ident, ctypes.py_object(Stop))
"""


def test_each_that_is_thrown_at_a_sleeping_thread_ends_its_sleep(guests: Guests) -> None:
    record = guests.run(
        THROW
        + """
    for _ in range(100):
        began = threading.Event()
        def work():
            try:
                while True:
                    began.set()
                    time.sleep(0.0002)
            except Stop: pass
        thread = threading.Thread(target=work, daemon=True)
        thread.start()
        began.wait()
        throw(thread)
        thread.join(5)
        if thread.is_alive():
            print("swallowed")
            break
    print("over")
    """,
        limits=Limits(events=1_000_000),
    )
    assert record.texts() == ["over"]


def test_what_is_thrown_again_and_again_leaves_no_lock_taken_and_no_line_twice(
    guests: Guests,
) -> None:
    record = guests.run(
        THROW
        + """
    def work():
        n = 0
        while n < 200:
            try:
                while True:
                    n += 1
                    print(n)
                    time.sleep(0.0001)
            except Stop: pass
    thread = threading.Thread(target=work)
    thread.start()
    while thread.is_alive():
        throw(thread)
        time.sleep(0.0003)
    """,
        limits=Limits(events=1_000_000),
    )
    assert not record.malformed
    assert record.texts()[:200] == [str(n + 1) for n in range(200)]


class Own:
    """Of a scenario."""

    def __float__(self) -> float:
        raise LookupError


class OwnError(ValueError):
    """Thrown from outside, or raised by the scenario's code."""


def raised(call: Callable[[], object]) -> Exception:
    """Return what a call raises as the recorder sees it: its own frame leaves no entry."""
    try:
        call()
    except Exception as error:  # noqa: BLE001 - whatever it is
        trace = error.__traceback__
        return error.with_traceback(trace and trace.tb_next)
    raise AssertionError


def test_an_answer_of_the_scenarios_objects_is_not_taken_for_thrown() -> None:
    assert not is_thrown(raised(partial(float, cast("float", Own()))))
    assert not is_thrown(raised(partial(float, "no number")))
    assert is_thrown(OwnError())
    assert is_thrown(TimeoutError())


def test_what_a_signal_handler_raised_counts_as_thrown() -> None:
    def alarm(*_: object) -> None:
        raise ValueError

    before = signal.signal(signal.SIGUSR1, alarm)
    try:
        assert is_thrown(raised(alarm))
        signal.signal(signal.SIGUSR1, partial(alarm, 1))
        assert is_thrown(raised(alarm))
    finally:
        signal.signal(signal.SIGUSR1, before)
    assert not is_thrown(raised(alarm))

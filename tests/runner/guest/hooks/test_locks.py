"""The recorder's own lock."""

import threading
from types import MethodDescriptorType

import pytest

from bot.runner.guest.hooks.locks import OwnLock


def test_its_methods_are_made_in_c() -> None:
    """An exception thrown into a thread comes between two steps of Python, never within C."""
    assert isinstance(vars(OwnLock)["acquire"], MethodDescriptorType)
    assert isinstance(vars(OwnLock)["release"], MethodDescriptorType)


def test_it_is_reentrant_and_free_again_after_its_work() -> None:
    lock = OwnLock()
    assert lock.hold(lambda: lock.hold(repr, lock)).endswith(f"count=2 at {id(lock):#x}>")
    assert "count=0" in repr(lock)


def test_it_is_free_again_after_work_that_raises() -> None:
    lock = OwnLock()
    with pytest.raises(ZeroDivisionError):
        lock.hold(divmod, 1, 0)
    assert "count=0" in repr(lock)


def test_one_thread_holds_it_at_a_time() -> None:
    lock, inside, entered = OwnLock(), threading.Event(), threading.Event()
    other = threading.Thread(target=lock.hold, args=(entered.set,))

    def work() -> bool:
        other.start()
        inside.set()
        return entered.wait(0.05)

    assert not lock.hold(work)
    other.join()
    assert entered.is_set()

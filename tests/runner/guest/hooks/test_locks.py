"""The recorder's own lock."""

from types import MethodDescriptorType

from bot.runner.guest.hooks.locks import OwnLock


def test_nothing_can_come_between_the_taking_of_the_recorders_lock_and_its_block() -> None:
    """An exception thrown into a thread comes between two steps of Python, never within C."""
    assert isinstance(vars(OwnLock)["__enter__"], MethodDescriptorType)
    assert isinstance(vars(OwnLock)["__exit__"], MethodDescriptorType)


def test_it_is_reentrant_and_free_again_after_its_block() -> None:
    lock = OwnLock()
    with lock, lock:
        pass
    assert "count=0" in repr(lock)

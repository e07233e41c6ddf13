import socket

import pytest

from bot.runner.guest.waiting_children import WaitingChildren


def orders() -> socket.socket:
    ours, theirs = socket.socketpair()
    theirs.close()
    return ours


@pytest.fixture
def children() -> WaitingChildren:
    return WaitingChildren()


def test_without_any_one_is_made_at_once(children: WaitingChildren) -> None:
    assert children.wants_more()
    assert children.patience(None) == 0
    assert children.take() is None
    assert children.wants_more(), "also right after a run began"


def test_who_has_waited_longest_is_taken_first(children: WaitingChildren) -> None:
    sockets = [orders() for _ in range(2)]
    for pid, one in enumerate(sockets, start=10):
        children.add(pid, one)
    assert children.take() == (10, sockets[0])
    assert children.pids == (11,)
    sockets[0].close()
    children.close()


@pytest.mark.parametrize(("waiting", "longest"), [(2, 0.004), (3, 0.02)])
def test_a_run_that_begins_is_not_held_up_by_a_fork(
    children: WaitingChildren, waiting: int, longest: float
) -> None:
    for pid in range(waiting):
        children.add(pid, orders())
    taken = children.take()
    assert taken is not None
    taken[1].close()
    patience = children.patience(None)
    assert patience is not None
    assert 0 < patience <= longest, "the fewer wait, the sooner one more is made"
    assert children.patience(0.0) == 0.0, "limits are looked at meanwhile"
    children.close()


def test_there_are_enough_at_some_time(children: WaitingChildren) -> None:
    pid = 0
    while children.wants_more():
        pid += 1
        children.add(pid, orders())
    assert len(children.pids) == 8
    assert children.patience(None) is None
    assert children.patience(7.0) == 7.0
    children.close()


def test_the_dead_are_forgotten_with_their_sockets(children: WaitingChildren) -> None:
    theirs = orders()
    children.add(10, theirs)
    assert not children.forget(11)
    assert children.forget(10)
    assert theirs.fileno() == -1
    assert children.pids == ()

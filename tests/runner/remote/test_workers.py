"""Which workers are used: what each of them says, and what its silence says."""

import random
from collections import Counter

import pytest
from structlog.testing import capture_logs

from bot.observe.metrics import Metrics
from bot.runner.remote import messages
from bot.runner.remote.messages import Rules, Status, encode
from bot.runner.remote.workers import Workers

ONE, TWO = "one.00000001", "two.00000002"


def status(id_: str = ONE, **fields: object) -> Status:
    given = {
        "id": id_,
        "python": "3.13.0",
        "layers": ("landlock",),
        "missing": (),
        "capacity": 10,
        "running": 0,
        "lag": 0.0,
    }
    return Status.model_validate(given | fields)


def hear(workers: Workers, id_: str = ONE, /, **fields: object) -> None:
    workers.heard(messages.status_subject(id_), encode(status(id_, **fields)))


@pytest.fixture
def workers() -> Workers:
    return Workers(Rules(), Metrics(), _random=random.Random(1))


def chosen(workers: Workers, times: int = 400) -> Counter[str]:
    return Counter(found.id for _ in range(times) if (found := workers.choose(())))


def test_the_more_room_the_more_runs(workers: Workers) -> None:
    hear(workers, ONE, capacity=30)
    hear(workers, TWO, capacity=20, running=10)
    counts = chosen(workers)
    assert 2 < counts[ONE] / counts[TWO] < 4


def test_what_is_placed_counts_until_the_worker_speaks_again(workers: Workers) -> None:
    hear(workers, capacity=2)
    for _ in range(2):
        found = workers.choose(())
        assert found
        found.placed += 1
    assert workers.choose(()) is None
    hear(workers, capacity=2, running=1)
    assert workers.choose(())


def test_a_late_one_is_skipped_while_there_is_another(workers: Workers) -> None:
    hear(workers, ONE, lag=0.2)
    assert workers.choose(()) is None
    assert workers.choose((), late=True)
    hear(workers, TWO, lag=0.05)
    assert set(chosen(workers)) == {TWO}
    hear(workers, TWO, lag=0.9)
    found = workers.choose((), late=True)
    assert found
    assert found.id == ONE


@pytest.mark.parametrize("fields", [{"draining": True}, {"running": 10}, {"capacity": 0}])
def test_those_that_take_none_are_not_asked(workers: Workers, fields: dict[str, object]) -> None:
    hear(workers, **fields)
    assert workers.choose(()) is None


def test_capacity_follows_those_that_come_and_go(workers: Workers) -> None:
    hear(workers, ONE)
    hear(workers, TWO, capacity=5)
    assert workers.capacity == 15
    for _ in range(3):
        workers.tick()
    assert workers.capacity == 15, "silent for 1.5 s: not forgotten yet"
    hear(workers, TWO, capacity=5)
    with capture_logs() as logs:
        workers.tick()
    assert workers.capacity == 5
    assert [(it["event"], it["worker"]) for it in logs] == [("worker lost", ONE)]
    hear(workers, TWO, capacity=5, draining=True)
    assert workers.capacity == 0


def test_one_that_drained_is_no_loss(workers: Workers) -> None:
    hear(workers, draining=True)
    with capture_logs() as logs:
        for _ in range(4):
            workers.tick()
    assert [it["event"] for it in logs] == ["worker left"]


def test_one_that_is_set_aside_comes_back(workers: Workers) -> None:
    hear(workers)
    workers.set_aside(ONE, "it broke the protocol", 30.0)
    for _ in range(59):
        assert workers.choose(()) is None
        workers.tick()
        hear(workers)
    workers.tick()
    assert workers.choose(())


def refused(workers: Workers, subject: str, data: bytes) -> list[str]:
    """Hear it thrice; return what the operator is told."""
    with capture_logs() as logs:
        for _ in range(3):
            workers.heard(subject, data)
    assert not workers.all
    return [it["why"] for it in logs if it["log_level"] == "error"]


def test_another_version_of_the_protocol_is_told_once_and_not_used(workers: Workers) -> None:
    subject = f"tutor.v2.status.{ONE}"
    (why,) = refused(workers, subject, b'{"whatever": "that version says"}')
    assert "version 2" in why
    assert "same release" in why


def test_a_missing_layer_is_told_and_not_used(workers: Workers) -> None:
    data = encode(status(missing=("landlock",)))
    (why,) = refused(workers, messages.status_subject(ONE), data)
    assert "landlock" in why
    assert "tutor doctor" in why


def test_a_missing_layer_is_allowed_where_the_operator_says_so() -> None:
    workers = Workers(Rules(), Metrics(), strict=False)
    hear(workers, missing=("landlock",))
    assert workers.choose(())


@pytest.mark.parametrize(
    "data", [b"", b"[]", b"\xff", encode(status(TWO)), b'{"id":"' + ONE.encode() + b'"}']
)
def test_nonsense_is_told_once_and_not_used(workers: Workers, data: bytes) -> None:
    assert len(refused(workers, messages.status_subject(ONE), data)) == 1


def test_made_up_instances_are_bounded(workers: Workers) -> None:
    with capture_logs() as logs:
        for number in range(300):
            hear(workers, f"evil.{number:08x}")
    hear(workers, ONE)
    assert len(workers.all) == 101
    assert [it["worker"] for it in logs if it["event"] == "worker not used"] == ["evil"]

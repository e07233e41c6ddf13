import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any, cast

import discord
import pytest
from structlog.testing import capture_logs

from bot.errors import SettingsError, TutorError
from bot.observe.metrics import Metrics
from bot.platforms.discord.connection import (
    DAY,
    IDENTIFIES,
    Connection,
    IdentifyBudget,
    PlatformDownError,
    Retry,
)


@pytest.fixture(autouse=True)
def _no_traceback_is_printed() -> Iterator[None]:
    with capture_logs():
        yield


QUICK = Retry(first=0.001, longest=0.002)


@dataclass
class FailingSession:
    """A session that ends as a test says, after serving as long as it says."""

    error: Exception | None
    served_seconds: float = 0.0

    async def serve(self, signed_in: asyncio.Event) -> None:
        signed_in.set()
        await asyncio.sleep(0)
        if self.error is not None:
            raise self.error


class Noted(Metrics):
    def __init__(self) -> None:
        self.failed: list[str] = []
        self.down: list[str] = []

    def platform_failed(self, platform: str) -> None:
        self.failed.append(platform)

    def platform_down(self, platform: str) -> None:
        self.down.append(platform)


def one_after_the_other(*sessions: FailingSession) -> Callable[[], FailingSession]:
    left = iter(sessions)
    return lambda: next(left)


async def test_what_nobody_foresaw_begins_a_new_session() -> None:
    metrics = Noted()
    sessions = one_after_the_other(FailingSession(KeyError("id")), FailingSession(None))
    with capture_logs() as logs:
        await Connection(sessions, metrics, QUICK).stay()
    assert metrics.failed == ["discord"]
    (line,) = logs
    assert (line["event"], line["cause"]) == ("discord session failed", "KeyError: 'id'")
    assert isinstance(line["exc_info"], KeyError)


async def test_ten_failures_in_an_hour_without_service_are_the_end() -> None:
    metrics = Noted()
    sessions = one_after_the_other(*[FailingSession(TypeError("no")) for _ in range(10)])
    with pytest.raises(PlatformDownError, match=r"10 times in a row.*TypeError: no"):
        await Connection(sessions, metrics, QUICK).stay()
    assert len(metrics.failed) == 10
    assert metrics.down == ["discord"]


async def test_a_minute_of_service_makes_failures_forgotten() -> None:
    broken = [FailingSession(TypeError("no")) for _ in range(9)]
    served = FailingSession(TypeError("no"), served_seconds=61)
    sessions = one_after_the_other(*broken, served, *broken[:8], FailingSession(None))
    metrics = Noted()
    await Connection(sessions, metrics, QUICK).stay()
    assert (len(metrics.failed), metrics.down) == (18, [])


async def test_failures_that_lie_far_apart_are_no_end() -> None:
    retry = Retry(first=0.02, longest=0.02, within=0.1)
    sessions = one_after_the_other(
        *[FailingSession(TypeError("no")) for _ in range(12)], FailingSession(None)
    )
    metrics = Noted()
    await Connection(sessions, metrics, retry).stay()
    assert (len(metrics.failed), metrics.down) == (12, [])


async def test_a_discord_out_of_reach_is_tried_for_ever_and_told_in_one_line_each() -> None:
    metrics = Noted()
    away = [FailingSession(OSError("no route")) for _ in range(50)]
    sessions = one_after_the_other(*away, FailingSession(None))
    with capture_logs() as logs:
        await Connection(sessions, metrics, QUICK).stay()
    assert [line["event"] for line in logs] == ["discord unreachable"] * 50
    assert (metrics.failed, metrics.down) == ([], [])


async def test_pauses_grow_to_a_bound() -> None:
    retry = Retry(first=0.001, longest=0.004)
    sessions = one_after_the_other(
        *[FailingSession(OSError()) for _ in range(4)], FailingSession(None)
    )
    with capture_logs() as logs:
        connection = Connection(sessions, Metrics(), retry)
        await connection.stay()
    assert len(logs) == 4
    assert connection._pause == 0.004


def _refusal(**headers: str) -> discord.HTTPException:
    response = SimpleNamespace(status=429, reason="Too Many Requests", headers=headers)
    return discord.HTTPException(cast("Any", response), "banned")


@pytest.mark.parametrize(
    ("error", "pause"),
    [
        (discord.RateLimited(3_600), 0.3),
        (discord.RateLimited(0.2), 0.2),
        (_refusal(**{"Retry-After": "3600"}), 0.3),
        (_refusal(**{"Retry-After": "soon"}), 0.1),
        (_refusal(), 0.1),
    ],
)
async def test_what_discord_says_about_waiting_is_kept_to_within_reason(
    error: Exception, pause: float
) -> None:
    retry = Retry(first=0.1, longest=0.1, told=0.3)
    sessions = one_after_the_other(FailingSession(error), FailingSession(None))
    with capture_logs() as logs:
        await Connection(sessions, Metrics(), retry).stay()
    (line,) = logs
    assert (line["event"], line["retry"]) == ("discord unreachable", pause)


@pytest.mark.parametrize("error", [SettingsError("token"), TutorError("4011")])
async def test_what_discord_refuses_for_good_is_not_tried_again(error: TutorError) -> None:
    connection = Connection(one_after_the_other(FailingSession(error)), Metrics(), QUICK)
    with pytest.raises(TutorError) as raised:
        await connection.stay()
    assert raised.value is error
    assert connection.tried.is_set()


async def test_sessions_a_day_are_counted_and_then_wait() -> None:
    now = 0.0
    budget = IdentifyBudget(lambda: now)
    for _ in range(IDENTIFIES):
        await budget.spend()
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(budget.spend(), 0.02)
    now = DAY + 1
    await asyncio.wait_for(budget.spend(), 1)


async def test_discords_own_count_is_believed() -> None:
    budget = IdentifyBudget()
    budget.told(1, 0.05)
    await budget.spend()
    with capture_logs() as logs:
        await asyncio.wait_for(budget.spend(), 5)
    assert logs[0]["event"] == "discord sessions used up"

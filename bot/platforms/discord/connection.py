"""Staying connected to Discord: a new session whenever one ends, and when to give up.

Where Discord is out of reach, it is tried for ever. What nobody foresaw, such as a payload that
discord.py cannot read (it has had such crashes), ends a session as well; but where that happens
again and again, waiting does not help, and an operator must hear of it.
"""

import asyncio
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Protocol

import aiohttp  # discord.py lets its connection errors through as they are
import discord
import structlog

from bot.errors import TutorError
from bot.observe.metrics import Metrics

UNREACHABLE = (
    OSError,
    aiohttp.ClientError,
    TimeoutError,
    discord.HTTPException,
    discord.RateLimited,
    discord.GatewayNotFound,
)
"""What discord.py raises where Discord does not answer, or not as it should."""

DAY = 86_400.0
IDENTIFIES = 1_000
"""Sessions a day that Discord lets one bot begin; past that it resets the bot's token
(https://discord.com/developers/docs/events/gateway#session-start-limit-object)."""


@dataclass(frozen=True, slots=True)
class Retry:
    """When to try again, and when no more. All times are in seconds."""

    first: float = 1.0
    """The first pause; each is twice as long as the one before it."""
    longest: float = 60.0
    told: float = 3_600.0
    """The longest pause that Discord may ask for: to try earlier would make it longer."""
    failures: int = 10
    """So many unforeseen failures `within` that time, without service in between, are the end."""
    within: float = 3_600.0
    service: float = 60.0
    """A session that was of use for so long makes all failures before it forgotten."""


class PlatformDownError(TutorError):
    """A platform has failed for good; what else is served goes on."""


class IdentifyBudget:
    """How many sessions may still begin, counted down from what Discord said last."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._left, self._until = IDENTIFIES, clock() + DAY
        self._log = structlog.get_logger(__name__)

    def told(self, left: int, seconds: float) -> None:
        """Take Discord's own count, which also knows of the processes before this one."""
        self._left, self._until = left, self._clock() + seconds

    async def spend(self) -> None:
        """Count one session; wait where none may begin before the count is set back."""
        while self._left <= 0:
            wait = self._until - self._clock()
            if wait <= 0:
                self._left, self._until = IDENTIFIES, self._clock() + DAY
                break
            self._log.error("discord sessions used up", seconds=round(wait))
            await asyncio.sleep(wait)
        self._left -= 1


class Session(Protocol):
    """One client of discord.py's, from signing in to its end."""

    @property
    def served_seconds(self) -> float:
        """For how long it has been ready to serve; 0.0 if it never was."""
        ...

    async def serve(self, signed_in: asyncio.Event) -> None:
        """Sign in, and stay until closed.

        :param signed_in: set as soon as Discord has let us in
        :raises TutorError: if Discord refuses us for good
        """
        ...


class Connection:
    """Begins sessions, one after the other, until the last one is closed.

    :param make: returns a session that has not begun
    """

    def __init__(self, make: Callable[[], Session], metrics: Metrics, retry: Retry) -> None:
        self._make = make
        self._metrics = metrics
        self._retry = retry
        self._log = structlog.get_logger(__name__)
        self._failures: deque[float] = deque(maxlen=retry.failures)
        self._pause = retry.first
        self.tried = asyncio.Event()
        """Set once the first attempt to sign in has succeeded or failed."""

    async def stay(self) -> None:
        """Stay connected.

        :raises TutorError: if Discord refuses us for good, or serving fails again and again
        """
        try:
            while True:
                session = self._make()
                try:
                    await session.serve(self.tried)
                except TutorError:
                    raise
                except Exception as error:  # noqa: BLE001 - whatever discord.py lets through
                    pause = self._note(error, session.served_seconds)
                else:
                    return
                self.tried.set()
                await asyncio.sleep(pause)
                self._pause = min(2 * self._pause, self._retry.longest)
        finally:
            self.tried.set()

    def _note(self, error: Exception, served: float) -> float:
        """Take note of a session's end; return how long to wait before the next.

        :raises PlatformDownError: if there were too many that nobody foresaw
        """
        if served >= self._retry.service:
            self._failures.clear()
            self._pause = self._retry.first
        cause = f"{type(error).__name__}: {error}"
        if isinstance(error, UNREACHABLE):
            pause = max(self._pause, min(_told(error), self._retry.told))
            self._log.warning("discord unreachable", retry=round(pause, 1), cause=cause)
            return pause
        self._metrics.platform_failed("discord")
        self._log.error(
            "discord session failed", retry=round(self._pause, 1), cause=cause, exc_info=error
        )
        now = time.monotonic()
        self._failures.append(now)
        full = len(self._failures) == self._retry.failures
        if full and now - self._failures[0] <= self._retry.within:
            self._metrics.platform_down("discord")
            raise PlatformDownError(
                f"Discord's connection failed {self._retry.failures} times in a row for a reason "
                f"that nobody foresaw ({cause}), so it is not tried any more. The log holds where "
                "it was raised. Update the bot, or report it, and start again."
            ) from None
        return self._pause


def _told(error: Exception) -> float:
    """Return for how many seconds Discord, or what stands in front of it, said to wait."""
    if isinstance(error, discord.RateLimited):
        return error.retry_after
    if isinstance(error, discord.HTTPException):
        with suppress(ValueError):
            return float(error.response.headers.get("Retry-After", 0))
    return 0.0

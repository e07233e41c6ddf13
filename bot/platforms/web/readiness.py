"""Whether the bot can serve: named checks, asked at most every few seconds."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

import structlog

from bot.observe.metrics import Metrics
from bot.together import cancel_all, together

Check = Callable[[], Awaitable[str]]
"""Returns "" if all is well, else what is wrong, in a few words for operators."""


@dataclass(frozen=True, slots=True)
class Readiness:
    """What the checks found."""

    problems: Mapping[str, str]
    """For each check: what is wrong, "" for nothing."""

    @property
    def ready(self) -> bool:
        """Whether every check passed."""
        return not any(self.problems.values())


class Readier:
    """Runs all checks at once. A check may start a sandbox, so their answer is kept a while."""

    def __init__(
        self,
        checks: Mapping[str, Check],
        *,
        seconds: float = 10.0,
        keep: float = 5.0,
        metrics: Metrics | None = None,
    ) -> None:
        self._metrics = metrics or Metrics()
        self._checks = dict(checks)
        self._log = structlog.get_logger(__name__)
        self._seconds = seconds
        self._keep = keep
        self._found = Readiness({})
        self._until = 0.0
        self._one_at_a_time = asyncio.Lock()
        self._looking: asyncio.Task[Readiness] | None = None

    async def look(self) -> Readiness:
        """Return whether the bot can serve, at most `keep` seconds old."""
        async with self._one_at_a_time:
            if time.monotonic() >= self._until:
                problems = await together(map(self._ask, self._checks.items()))
                self._found = Readiness(dict(zip(self._checks, problems, strict=True)))
                self._until = time.monotonic() + self._keep
            return self._found

    async def look_within(self, seconds: float) -> None:
        """Look, but wait no longer than this; what takes longer goes on until it is known."""
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self.look(), name="readiness")
        await asyncio.wait([self._looking], timeout=seconds)

    async def close(self) -> None:
        """End a look that is under way."""
        await cancel_all(filter(None, [self._looking]))

    async def _ask(self, named: tuple[str, Check]) -> str:
        name, check = named
        try:
            async with asyncio.timeout(self._seconds):
                problem = await check()
        except TimeoutError:
            problem = f"no answer in {self._seconds:g} s"
        except Exception as error:  # noqa: BLE001 - whatever a check raises means: not ready
            problem = f"{type(error).__name__}: {error}"
        self._metrics.readiness(name, ready=not problem)
        if problem:
            self._log.warning("not ready", check=name, problem=problem)
        return problem

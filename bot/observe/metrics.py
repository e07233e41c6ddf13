"""What can be measured: every layer may report, none knows who listens.

All durations are in seconds. Nothing here may carry a learner's name, key or words: label
values are scenario ids, outcomes and route templates, whose number the lessons and the code
bound.
"""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter
from typing import Literal

Medium = Literal["png", "gif", "text", "html"]
Reconnect = Literal["resumed", "identified"]
Dropped = Literal["slow", "full", "gone"]
"""slow: it did not read what was sent; full: too many connections; gone: its socket closed."""


class Metrics:
    """Takes note of what happens. No method raises, blocks or awaits.

    By itself it keeps nothing: for tests, one-shot commands, and servers without a collector.
    """

    def run_finished(self, *, scenario: str, outcome: str, overshoot: float | None = None) -> None:
        """Count a run. `overshoot`: how much longer than its lesson expects; None if unknown."""

    def first_line(self, seconds: float) -> None:
        """Note the time from asking the runner to the scenario's first printed line."""

    def queue_changed(self, *, running: int, waiting: int) -> None:
        """Note how many places of the queue run now, and how many wait."""

    def queue_waited(self, seconds: float) -> None:
        """Note how long one place waited for its turn."""

    def rendered(self, medium: Medium, seconds: float) -> None:
        """Note how long one answer or picture took to draw."""

    def discord_request(self, *, route: str, status: int, seconds: float) -> None:
        """Note one request to Discord. `route` is its template, without ids or tokens.

        `status` is 0 where no answer came.
        """

    def discord_rate_limited(self, *, route: str, seconds: float) -> None:
        """Note that Discord made us wait before a request to `route`."""

    def discord_reconnected(self, how: Reconnect) -> None:
        """Count a gateway connection that was taken up again."""

    def platform_failed(self, platform: str) -> None:
        """Count a platform's connection that ended for a reason that nobody foresaw."""

    def platform_down(self, platform: str) -> None:
        """Note that a platform has failed for good."""

    def loop_lagged(self, seconds: float) -> None:
        """Note how late the event loop came back to a task that was due."""

    def lessons_loaded(self, *, lessons: int, errors: int) -> None:
        """Note how many lessons are served, and how many files could not be used."""

    def web_request(self, *, route: str, status: int, seconds: float) -> None:
        """Note one request to the playground. `route` is its template, as in `/run/{name}`."""

    def web_streams(self, count: int) -> None:
        """Note how many answers are being streamed to browsers now."""

    def web_dropped(self, why: Dropped) -> None:
        """Count a connection that ended before its answer did."""

    def refused(self, *, platform: str, cause: str) -> None:
        """Count a request that was turned away; `cause` as in the log's `refused`."""

    def readiness(self, check: str, *, ready: bool) -> None:
        """Note what a check of `/readyz` found."""

    def platform_connected(self, platform: str, *, connected: bool) -> None:
        """Note whether learners can reach the bot there now."""

    def discord_servers(self, count: int) -> None:
        """Note in how many servers the bot was as Discord last told."""

    def web_untrusted_proxy(self) -> None:
        """Note that requests come through a proxy that TUTOR_WEB_PROXIES does not name."""

    def worker_told(self, worker: str, *, running: int, lag: float) -> None:
        """Note how a worker said it is. `worker` is the operator's name for it."""

    def worker_answered(self, seconds: float) -> None:
        """Note the time from asking a worker for a run to its word that it takes it."""

    def worker_refused(self, cause: str) -> None:
        """Count a run that a worker did not take: it is full, draining or silent."""

    def worker_lost(self, worker: str) -> None:
        """Count a worker of which nothing is heard any more."""


@contextmanager
def timed_render(metrics: Metrics, medium: Medium) -> Iterator[None]:
    """Report how long the block took to draw something, whether or not it succeeded."""
    start = perf_counter()
    try:
        yield
    finally:
        metrics.rendered(medium, perf_counter() - start)


async def watch_lag(metrics: Metrics, *, every: float = 0.5) -> None:
    """Sleep `every` seconds again and again, and report how late each waking was. Never ends."""
    loop = asyncio.get_running_loop()
    while True:
        due = loop.time() + every
        await asyncio.sleep(every)
        metrics.loop_lagged(max(0.0, loop.time() - due))

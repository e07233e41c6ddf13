"""The metrics in Prometheus' text format, by prometheus-client.

Names follow https://prometheus.io/docs/practices/naming/: base units, `_total` for counters.
"""

from dataclasses import dataclass

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest

from bot.observe.metrics import Dropped, Medium, Reconnect
from bot.observe.worker_figures import WorkerFigures

_QUICK = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5)
_REQUEST = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
_OVERSHOOT = (-0.01, 0.0, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0)


@dataclass(frozen=True, slots=True)
class Exposition:
    """All figures at one moment, ready to be served."""

    body: bytes
    content_type: str


class PrometheusMetrics(WorkerFigures):
    """Collects the figures in a registry of its own, so that two bots in one process differ."""

    def __init__(self) -> None:
        registry = self._registry = CollectorRegistry()
        super().__init__(registry)
        ProcessCollector(registry=registry)
        self._runs = Counter(
            "tutor_runs", "Runs that ended.", ["scenario", "outcome"], registry=registry
        )
        self._overshoot = Histogram(
            "tutor_run_overshoot_seconds",
            "How much longer a run took than its lesson expects.",
            buckets=_OVERSHOOT,
            registry=registry,
        )
        self._first_line = Histogram(
            "tutor_first_line_seconds",
            "From asking the runner to the first printed line.",
            buckets=_QUICK,
            registry=registry,
        )
        self._running = Gauge("tutor_queue_running", "Runs under way.", registry=registry)
        self._waiting = Gauge("tutor_queue_waiting", "Runs that wait.", registry=registry)
        self._waited = Histogram(
            "tutor_queue_wait_seconds",
            "How long runs waited for their turn.",
            buckets=_REQUEST,
            registry=registry,
        )
        self._rendered = Histogram(
            "tutor_render_seconds",
            "How long drawing took.",
            ["medium"],
            buckets=_QUICK,
            registry=registry,
        )
        self._lag = Histogram(
            "tutor_loop_lag_seconds",
            "How late the event loop came back to a task that was due.",
            buckets=_QUICK,
            registry=registry,
        )
        self._ready = Gauge(
            "tutor_ready", "1 for a check of /readyz that passes.", ["check"], registry=registry
        )
        self._lessons = Gauge("tutor_lessons", "Lessons that are served.", registry=registry)
        self._lesson_errors = Gauge(
            "tutor_lesson_errors", "Lesson files that cannot be used.", registry=registry
        )
        self._add_platforms(registry)
        self._add_discord(registry)
        self._add_web(registry)

    def _add_platforms(self, registry: CollectorRegistry) -> None:
        self._build = Gauge(
            "tutor_build_info",
            "1; the labels tell what runs.",
            ["version", "python"],
            registry=registry,
        )
        self._failures = Counter(
            "tutor_platform_failures",
            "Connections of a platform that ended for a reason that nobody foresaw.",
            ["platform"],
            registry=registry,
        )
        self._down = Gauge(
            "tutor_platform_down",
            "1 for a platform that has failed for good.",
            ["platform"],
            registry=registry,
        )
        self._connected = Gauge(
            "tutor_platform_connected",
            "1 for a platform on which learners reach the bot.",
            ["platform"],
            registry=registry,
        )
        self._refusals = Counter(
            "tutor_refusals",
            "Requests that were turned away.",
            ["platform", "cause"],
            registry=registry,
        )

    def _add_discord(self, registry: CollectorRegistry) -> None:
        self._discord = Histogram(
            "tutor_discord_request_seconds",
            "Requests to Discord.",
            ["route", "status"],
            buckets=_REQUEST,
            registry=registry,
        )
        self._rate_limits = Counter(
            "tutor_discord_rate_limits",
            "Requests that Discord made us wait for.",
            ["route"],
            registry=registry,
        )
        self._rate_limited = Counter(
            "tutor_discord_rate_limited_seconds",
            "Time that Discord made us wait.",
            registry=registry,
        )
        self._reconnects = Counter(
            "tutor_discord_reconnects",
            "Gateway connections taken up again.",
            ["how"],
            registry=registry,
        )

        self._servers = Gauge(
            "tutor_discord_servers", "Servers that the bot is in.", registry=registry
        )

    def _add_web(self, registry: CollectorRegistry) -> None:
        self._web = Histogram(
            "tutor_web_request_seconds",
            "Requests to the playground.",
            ["route", "status"],
            buckets=_REQUEST,
            registry=registry,
        )
        self._streams = Gauge(
            "tutor_web_streams", "Answers that are being streamed.", registry=registry
        )
        self._untrusted = Gauge(
            "tutor_web_untrusted_proxy",
            "1 where requests come through a proxy that is not trusted.",
            registry=registry,
        )
        self._dropped = Counter(
            "tutor_web_dropped",
            "Connections that ended before their answer did.",
            ["why"],
            registry=registry,
        )

    def run_finished(self, *, scenario: str, outcome: str, overshoot: float | None = None) -> None:
        """Count a run. `overshoot`: how much longer than its lesson expects; None if unknown."""
        self._runs.labels(scenario, outcome).inc()
        if overshoot is not None:
            self._overshoot.observe(overshoot)

    def first_line(self, seconds: float) -> None:
        """Note the time from asking the runner to the scenario's first printed line."""
        self._first_line.observe(seconds)

    def queue_changed(self, *, running: int, waiting: int) -> None:
        """Note how many places of the queue run now, and how many wait."""
        self._running.set(running)
        self._waiting.set(waiting)

    def queue_waited(self, seconds: float) -> None:
        """Note how long one place waited for its turn."""
        self._waited.observe(seconds)

    def rendered(self, medium: Medium, seconds: float) -> None:
        """Note how long one answer or picture took to draw."""
        self._rendered.labels(medium).observe(seconds)

    def discord_request(self, *, route: str, status: int, seconds: float) -> None:
        """Note one request to Discord. `route` is its template, without ids or tokens."""
        self._discord.labels(route, str(status)).observe(seconds)

    def discord_rate_limited(self, *, route: str, seconds: float) -> None:
        """Note that Discord made us wait before a request to `route`."""
        self._rate_limits.labels(route).inc()
        self._rate_limited.inc(max(0.0, seconds))

    def discord_reconnected(self, how: Reconnect) -> None:
        """Count a gateway connection that was taken up again."""
        self._reconnects.labels(how).inc()

    def platform_failed(self, platform: str) -> None:
        """Count a platform's connection that ended for a reason that nobody foresaw."""
        self._failures.labels(platform).inc()

    def platform_down(self, platform: str) -> None:
        """Note that a platform has failed for good."""
        self._down.labels(platform).set(1)

    def loop_lagged(self, seconds: float) -> None:
        """Note how late the event loop came back to a task that was due."""
        self._lag.observe(seconds)

    def lessons_loaded(self, *, lessons: int, errors: int) -> None:
        """Note how many lessons are served, and how many files could not be used."""
        self._lessons.set(lessons)
        self._lesson_errors.set(errors)

    def web_request(self, *, route: str, status: int, seconds: float) -> None:
        """Note one request to the playground. `route` is its template, as in `/run/{name}`."""
        self._web.labels(route, str(status)).observe(seconds)

    def web_streams(self, count: int) -> None:
        """Note how many answers are being streamed to browsers now."""
        self._streams.set(count)

    def built(self, *, version: str, python: str) -> None:
        """Tell what runs."""
        self._build.labels(version, python).set(1)

    def refused(self, *, platform: str, cause: str) -> None:
        """Count a request that was turned away."""
        self._refusals.labels(platform, cause).inc()

    def readiness(self, check: str, *, ready: bool) -> None:
        """Note what a check of `/readyz` found."""
        self._ready.labels(check).set(ready)

    def platform_connected(self, platform: str, *, connected: bool) -> None:
        """Note whether learners can reach the bot there now."""
        self._connected.labels(platform).set(connected)

    def discord_servers(self, count: int) -> None:
        """Note in how many servers the bot was as Discord last told."""
        self._servers.set(count)

    def web_untrusted_proxy(self) -> None:
        """Note that requests come through a proxy that TUTOR_WEB_PROXIES does not name."""
        self._untrusted.set(1)

    def web_dropped(self, why: Dropped) -> None:
        """Count a connection that ended before its answer did."""
        self._dropped.labels(why).inc()

    def exposition(self) -> Exposition:
        """Return all figures. It reads /proc and so may block: call it in a thread."""
        return Exposition(generate_latest(self._registry), CONTENT_TYPE_LATEST)

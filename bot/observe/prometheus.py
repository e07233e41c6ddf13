"""The metrics in Prometheus' text format, by prometheus-client.

Names follow https://prometheus.io/docs/practices/naming/: base units, `_total` for counters.
"""
# ruff: noqa: D102 - what each report means is told in `Metrics`

from collections.abc import Sequence
from dataclasses import dataclass

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest

from bot.observe.metrics import Dropped, Medium, Metrics, Reconnect

_QUICK = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5)
_REQUEST = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
_OVERSHOOT = (-0.01, 0.0, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0)
_ROUND_TRIP = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0)


@dataclass(frozen=True, slots=True)
class Exposition:
    """All figures at one moment, ready to be served."""

    body: bytes
    content_type: str


class PrometheusMetrics(Metrics):
    """Collects the figures in a registry of its own, so that two bots in one process differ."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        ProcessCollector(registry=self._registry)
        self._runs = self._counter("tutor_runs", "Runs that ended.", "scenario", "outcome")
        self._overshoot = self._histogram(
            "tutor_run_overshoot_seconds",
            "How much longer a run took than its lesson expects.",
            buckets=_OVERSHOOT,
        )
        self._first_line = self._histogram(
            "tutor_first_line_seconds", "From asking the runner to the first printed line."
        )
        self._running = self._gauge("tutor_queue_running", "Runs under way.")
        self._waiting = self._gauge("tutor_queue_waiting", "Runs that wait.")
        self._waited = self._histogram(
            "tutor_queue_wait_seconds", "How long runs waited for their turn.", buckets=_REQUEST
        )
        self._rendered = self._histogram("tutor_render_seconds", "How long drawing took.", "medium")
        self._lag = self._histogram(
            "tutor_loop_lag_seconds", "How late the event loop came back to a task that was due."
        )
        self._ready = self._gauge("tutor_ready", "1 for a check of /readyz that passes.", "check")
        self._lessons = self._gauge("tutor_lessons", "Lessons that are served.")
        self._lesson_errors = self._gauge(
            "tutor_lesson_errors", "Lesson files that cannot be used."
        )
        self._add_platforms()
        self._add_discord()
        self._add_web()
        self._add_workers()

    def _counter(self, name: str, about: str, *labels: str) -> Counter:
        return Counter(name, about, labels, registry=self._registry)

    def _gauge(self, name: str, about: str, *labels: str) -> Gauge:
        return Gauge(name, about, labels, registry=self._registry)

    def _histogram(
        self, name: str, about: str, *labels: str, buckets: Sequence[float] = _QUICK
    ) -> Histogram:
        return Histogram(name, about, labels, registry=self._registry, buckets=buckets)

    def _add_platforms(self) -> None:
        self._build = self._gauge(
            "tutor_build_info", "1; the labels tell what runs.", "version", "python"
        )
        self._failures = self._counter(
            "tutor_platform_failures",
            "Connections of a platform that ended for a reason that nobody foresaw.",
            "platform",
        )
        self._down = self._gauge(
            "tutor_platform_down", "1 for a platform that has failed for good.", "platform"
        )
        self._connected = self._gauge(
            "tutor_platform_connected",
            "1 for a platform on which learners reach the bot.",
            "platform",
        )
        self._refusals = self._counter(
            "tutor_refusals", "Requests that were turned away.", "platform", "cause"
        )

    def _add_discord(self) -> None:
        self._discord = self._histogram(
            "tutor_discord_request_seconds",
            "Requests to Discord.",
            "route",
            "status",
            buckets=_REQUEST,
        )
        self._rate_limits = self._counter(
            "tutor_discord_rate_limits", "Requests that Discord made us wait for.", "route"
        )
        self._rate_limited = self._counter(
            "tutor_discord_rate_limited_seconds", "Time that Discord made us wait."
        )
        self._reconnects = self._counter(
            "tutor_discord_reconnects", "Gateway connections taken up again.", "how"
        )
        self._servers = self._gauge("tutor_discord_servers", "Servers that the bot is in.")

    def _add_web(self) -> None:
        self._web = self._histogram(
            "tutor_web_request_seconds",
            "Requests to the playground.",
            "route",
            "status",
            buckets=_REQUEST,
        )
        self._streams = self._gauge("tutor_web_streams", "Answers that are being streamed.")
        self._untrusted = self._gauge(
            "tutor_web_untrusted_proxy",
            "1 where requests come through a proxy that is not trusted.",
        )
        self._dropped = self._counter(
            "tutor_web_dropped", "Connections that ended before their answer did.", "why"
        )

    def _add_workers(self) -> None:
        self._worker_runs = self._gauge(
            "tutor_worker_runs", "Runs under way at a worker.", "worker"
        )
        self._worker_lag = self._gauge(
            "tutor_worker_lag_seconds",
            "For how long a worker's event loop was late in the last half second.",
            "worker",
        )
        self._worker_round_trip = self._histogram(
            "tutor_worker_round_trip_seconds",
            "From asking a worker for a run to its word that it takes it.",
            buckets=_ROUND_TRIP,
        )
        self._worker_refusals = self._counter(
            "tutor_worker_refusals", "Runs that a worker did not take.", "cause"
        )
        self._workers_lost = self._counter(
            "tutor_workers_lost", "Workers that fell silent.", "worker"
        )

    def run_finished(self, *, scenario: str, outcome: str, overshoot: float | None = None) -> None:
        self._runs.labels(scenario, outcome).inc()
        if overshoot is not None:
            self._overshoot.observe(overshoot)

    def first_line(self, seconds: float) -> None:
        self._first_line.observe(seconds)

    def queue_changed(self, *, running: int, waiting: int) -> None:
        self._running.set(running)
        self._waiting.set(waiting)

    def queue_waited(self, seconds: float) -> None:
        self._waited.observe(seconds)

    def rendered(self, medium: Medium, seconds: float) -> None:
        self._rendered.labels(medium).observe(seconds)

    def discord_request(self, *, route: str, status: int, seconds: float) -> None:
        self._discord.labels(route, str(status)).observe(seconds)

    def discord_rate_limited(self, *, route: str, seconds: float) -> None:
        self._rate_limits.labels(route).inc()
        self._rate_limited.inc(max(0.0, seconds))

    def discord_reconnected(self, how: Reconnect) -> None:
        self._reconnects.labels(how).inc()

    def platform_failed(self, platform: str) -> None:
        self._failures.labels(platform).inc()

    def platform_down(self, platform: str) -> None:
        self._down.labels(platform).set(1)

    def loop_lagged(self, seconds: float) -> None:
        self._lag.observe(seconds)

    def lessons_loaded(self, *, lessons: int, errors: int) -> None:
        self._lessons.set(lessons)
        self._lesson_errors.set(errors)

    def web_request(self, *, route: str, status: int, seconds: float) -> None:
        self._web.labels(route, str(status)).observe(seconds)

    def web_streams(self, count: int) -> None:
        self._streams.set(count)

    def built(self, *, version: str, python: str) -> None:
        """Tell what runs."""
        self._build.labels(version, python).set(1)

    def refused(self, *, platform: str, cause: str) -> None:
        self._refusals.labels(platform, cause).inc()

    def readiness(self, check: str, *, ready: bool) -> None:
        self._ready.labels(check).set(ready)

    def platform_connected(self, platform: str, *, connected: bool) -> None:
        self._connected.labels(platform).set(connected)

    def discord_servers(self, count: int) -> None:
        self._servers.set(count)

    def web_untrusted_proxy(self) -> None:
        self._untrusted.set(1)

    def web_dropped(self, why: Dropped) -> None:
        self._dropped.labels(why).inc()

    def worker_told(self, worker: str, *, running: int, lag: float) -> None:
        self._worker_runs.labels(worker).set(running)
        self._worker_lag.labels(worker).set(lag)
        self._workers_lost.labels(worker)  # from 0 on: the first loss is an increase, too

    def worker_answered(self, seconds: float) -> None:
        self._worker_round_trip.observe(seconds)

    def worker_refused(self, cause: str) -> None:
        self._worker_refusals.labels(cause).inc()

    def worker_lost(self, worker: str) -> None:
        self._workers_lost.labels(worker).inc()
        for figure in (self._worker_runs, self._worker_lag):
            figure.remove(worker)

    def exposition(self) -> Exposition:
        """Return all figures. It reads /proc and so may block: call it in a thread."""
        return Exposition(generate_latest(self._registry), CONTENT_TYPE_LATEST)

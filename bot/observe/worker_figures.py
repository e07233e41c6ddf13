"""The figures of workers on other machines, in Prometheus' terms."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

_ROUND_TRIP = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0)


class WorkerFigures:
    """Part of `PrometheusMetrics`."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._worker_runs = Gauge(
            "tutor_worker_runs", "Runs under way at a worker.", ["worker"], registry=registry
        )
        self._worker_lag = Gauge(
            "tutor_worker_lag_seconds",
            "For how long a worker's event loop was late in the last half second.",
            ["worker"],
            registry=registry,
        )
        self._worker_round_trip = Histogram(
            "tutor_worker_round_trip_seconds",
            "From asking a worker for a run to its word that it takes it.",
            buckets=_ROUND_TRIP,
            registry=registry,
        )
        self._worker_refusals = Counter(
            "tutor_worker_refusals",
            "Runs that a worker did not take.",
            ["cause"],
            registry=registry,
        )
        self._workers_lost = Counter(
            "tutor_workers_lost", "Workers that fell silent.", ["worker"], registry=registry
        )

    def worker_told(self, worker: str, *, running: int, lag: float) -> None:
        """Note how a worker said it is."""
        self._worker_runs.labels(worker).set(running)
        self._worker_lag.labels(worker).set(lag)
        self._workers_lost.labels(worker)  # from 0 on: the first loss is an increase, too

    def worker_answered(self, seconds: float) -> None:
        """Note the time from asking a worker for a run to its word that it takes it."""
        self._worker_round_trip.observe(seconds)

    def worker_refused(self, cause: str) -> None:
        """Count a run that a worker did not take."""
        self._worker_refusals.labels(cause).inc()

    def worker_lost(self, worker: str) -> None:
        """Count a worker of which nothing is heard any more; forget how it was."""
        self._workers_lost.labels(worker).inc()
        for figure in (self._worker_runs, self._worker_lag):
            figure.remove(worker)

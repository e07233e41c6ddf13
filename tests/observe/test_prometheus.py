"""The figures, as a Prometheus server would read them."""

import asyncio
import inspect
from contextlib import suppress

import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot.observe.metrics import Metrics, timed_render, watch_lag
from bot.observe.prometheus import PrometheusMetrics


def samples(metrics: PrometheusMetrics) -> dict[str, float]:
    text = metrics.exposition().body.decode()
    found: dict[str, float] = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            labels = ",".join(f"{key}={value}" for key, value in sorted(sample.labels.items()))
            found[f"{sample.name}{{{labels}}}" if labels else sample.name] = sample.value
    return found


def report_everything(metrics: Metrics) -> None:
    metrics.run_finished(scenario="gather", outcome="ok", overshoot=0.002)
    metrics.run_finished(scenario="gather", outcome="timeout")
    metrics.first_line(0.004)
    metrics.queue_changed(running=3, waiting=2)
    metrics.queue_waited(0.5)
    metrics.rendered("html", 0.01)
    metrics.discord_request(route="POST /interactions/{id}/callback", status=204, seconds=0.1)
    metrics.discord_rate_limited(route="PATCH /webhooks/{id}", seconds=1.5)
    metrics.discord_reconnected("resumed")
    metrics.loop_lagged(0.003)
    metrics.lessons_loaded(lessons=12, errors=1)
    metrics.web_request(route="/run/{name}", status=200, seconds=0.2)
    metrics.web_streams(4)
    metrics.web_dropped("slow")
    metrics.refused(platform="discord", cause="full")
    metrics.readiness("sandbox", ready=False)
    metrics.platform_connected("discord", connected=True)
    metrics.discord_servers(7)
    metrics.web_untrusted_proxy()
    metrics.worker_told("worker-1", running=4, lag=0.02)
    metrics.worker_answered(0.002)
    metrics.worker_refused("full")


def test_what_is_reported_can_be_read() -> None:
    metrics = PrometheusMetrics()
    report_everything(metrics)
    found = samples(metrics)
    assert found["tutor_runs_total{outcome=ok,scenario=gather}"] == 1
    assert found["tutor_runs_total{outcome=timeout,scenario=gather}"] == 1
    assert found["tutor_run_overshoot_seconds_count"] == 1
    assert found["tutor_first_line_seconds_sum"] == 0.004
    assert found["tutor_queue_running"] == 3
    assert found["tutor_queue_waiting"] == 2
    assert found["tutor_worker_runs{worker=worker-1}"] == 4
    assert found["tutor_worker_lag_seconds{worker=worker-1}"] == 0.02
    assert found["tutor_worker_round_trip_seconds_count"] == 1
    assert found["tutor_worker_refusals_total{cause=full}"] == 1
    assert found["tutor_queue_wait_seconds_count"] == 1
    assert found["tutor_render_seconds_count{medium=html}"] == 1
    route = "POST /interactions/{id}/callback"
    assert found[f"tutor_discord_request_seconds_count{{route={route},status=204}}"] == 1
    assert found["tutor_discord_rate_limits_total{route=PATCH /webhooks/{id}}"] == 1
    assert found["tutor_discord_rate_limited_seconds_total"] == 1.5
    assert found["tutor_discord_reconnects_total{how=resumed}"] == 1
    assert found["tutor_loop_lag_seconds_count"] == 1
    assert found["tutor_refusals_total{cause=full,platform=discord}"] == 1
    assert found["tutor_ready{check=sandbox}"] == 0
    assert found["tutor_platform_connected{platform=discord}"] == 1
    assert found["tutor_discord_servers"] == 7
    assert found["tutor_web_untrusted_proxy"] == 1
    assert found["tutor_lessons"] == 12
    assert found["tutor_lesson_errors"] == 1
    assert found["tutor_web_request_seconds_count{route=/run/{name},status=200}"] == 1
    assert found["tutor_web_streams"] == 4
    assert found["tutor_web_dropped_total{why=slow}"] == 1
    assert found["process_open_fds"] > 0


def test_two_bots_in_one_process_count_for_themselves() -> None:
    first, second = PrometheusMetrics(), PrometheusMetrics()
    first.queue_changed(running=9, waiting=0)
    assert samples(second)["tutor_queue_running"] == 0


def test_without_a_collector_nothing_is_kept() -> None:
    metrics = Metrics()
    report_everything(metrics)
    assert not vars(metrics), "nothing is kept"


def test_every_report_reaches_prometheus_as_it_is_given() -> None:
    for name, wanted in inspect.getmembers(Metrics, inspect.isfunction):
        found = vars(PrometheusMetrics)[name]
        assert inspect.signature(found) == inspect.signature(wanted), name


def test_timed_render_reports_a_failed_drawing_too() -> None:
    metrics = PrometheusMetrics()
    with pytest.raises(ValueError, match="no font"), timed_render(metrics, "png"):
        raise ValueError("no font")
    assert samples(metrics)["tutor_render_seconds_count{medium=png}"] == 1


async def test_lag_is_watched_until_cancelled() -> None:
    metrics = PrometheusMetrics()
    watch = asyncio.create_task(watch_lag(metrics, every=0.01))
    while (await asyncio.to_thread(samples, metrics))["tutor_loop_lag_seconds_count"] < 2:  # noqa: ASYNC110 - it polls a counter
        await asyncio.sleep(0.01)
    watch.cancel()
    with suppress(asyncio.CancelledError):
        await watch
    assert watch.cancelled()


def test_a_lost_worker_is_counted_and_its_figures_are_gone() -> None:
    metrics = PrometheusMetrics()
    metrics.worker_told("worker-1", running=4, lag=0.02)
    metrics.worker_lost("worker-1")
    found = samples(metrics)
    assert found["tutor_workers_lost_total{worker=worker-1}"] == 1
    assert "tutor_worker_runs{worker=worker-1}" not in found

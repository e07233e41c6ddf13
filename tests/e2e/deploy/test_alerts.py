"""Each alert is fired once: a real Prometheus, our own figures of a bot that is unwell."""

import asyncio
import json
import re
import urllib.request
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from aiohttp import web
from prometheus_client import CollectorRegistry, Gauge, generate_latest

from bot.observe.prometheus import PrometheusMetrics
from tests.e2e.conftest import Start
from tests.e2e.deploy.conftest import DEPLOY, ROOT
from tests.e2e.deploy.test_proxies import free_port

RULES = DEPLOY / "alerts.yaml"
ALERTS = {
    rule["alert"]: rule
    for group in yaml.safe_load(RULES.read_text())["groups"]
    for rule in group["rules"]
}


class Unwell:
    """Exposes the figures of a bot for which everything goes wrong at once."""

    def __init__(self) -> None:
        self._metrics = PrometheusMetrics()
        self._scrapes = 0

    async def expose(self, _request: web.Request) -> web.Response:
        """Answer a scrape; it is worse each time."""
        self._scrapes += 1
        self._worsen(self._metrics)
        exposition = await asyncio.to_thread(self._metrics.exposition)
        # The kernel's figures of this process are fine, so these take their place.
        text = re.sub(r"(?m)^(# \w+ )?process_.*\n", "", exposition.body.decode())
        return web.Response(text=text + self._process(), content_type="text/plain")

    def _worsen(self, metrics: PrometheusMetrics) -> None:
        metrics.readiness("sandbox", ready=False)
        metrics.platform_down("discord")
        metrics.platform_connected("discord", connected=False)
        metrics.lessons_loaded(lessons=1, errors=2)
        metrics.web_untrusted_proxy()
        metrics.worker_told("worker-1", running=3, lag=0.0)
        if self._scrapes > 1:  # a counter of which nothing was known cannot have grown
            metrics.worker_lost("worker-1")
        for _ in range(20):
            metrics.run_finished(scenario="gather", outcome="interrupted", overshoot=0.7)
            metrics.refused(platform="web", cause="full")
            metrics.queue_waited(12.0)
            metrics.loop_lagged(0.7)
            metrics.discord_rate_limited(route="/callback", seconds=5.0)
            metrics.discord_request(route="/callback", status=500, seconds=1.0)

    def _process(self) -> str:
        registry = CollectorRegistry()
        for name, value in (
            ("process_start_time_seconds", 1_000 + self._scrapes),  # it starts again and again
            ("process_open_fds", 900),
            ("process_max_fds", 1_000),
        ):
            Gauge(name, "As of a bot that is unwell.", registry=registry).set(value)
        return generate_latest(registry).decode()


@pytest.fixture
async def unwell() -> AsyncIterator[int]:
    """Serve the figures; give the port."""
    app = web.Application()
    app.router.add_get("/metrics", Unwell().expose)
    runner = web.AppRunner(app)
    await runner.setup()
    port = free_port()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    yield port
    await runner.cleanup()


def configuration(folder: Path, target: int, gone: int) -> Path:
    """Write Prometheus' configuration: our rules, but without waiting before they fire."""
    rules = re.sub(r"(?m)^\s+for: .*\n", "", RULES.read_text())
    (folder / "alerts.yaml").write_text(rules)
    path = folder / "prometheus.yml"
    targets = [f"127.0.0.1:{target}", f"127.0.0.1:{gone}"]
    path.write_text(
        yaml.safe_dump(
            {
                "global": {
                    "scrape_interval": "500ms",
                    "scrape_timeout": "500ms",
                    "evaluation_interval": "500ms",
                },
                "rule_files": ["alerts.yaml"],
                "scrape_configs": [{"job_name": "tutor", "static_configs": [{"targets": targets}]}],
            }
        )
    )
    return path


def firing(port: int) -> set[str]:
    """Return the names of the alerts that fire now."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/api/v1/alerts", timeout=5) as answer:
            alerts: list[dict[str, Any]] = json.load(answer)["data"]["alerts"]
    except OSError:
        return set()
    return {alert["labels"]["alertname"] for alert in alerts if alert["state"] == "firing"}


async def test_each_alert_fires_for_a_bot_that_is_unwell(
    unwell: int, start: Start, tmp_path: Path
) -> None:
    port = free_port()
    config = await asyncio.to_thread(configuration, tmp_path, unwell, free_port())
    await asyncio.to_thread(
        start,
        "prometheus",
        f"--config.file={config}",
        f"--storage.tsdb.path={tmp_path / 'data'}",
        f"--web.listen-address=127.0.0.1:{port}",
        until=lambda: firing(port) >= ALERTS.keys(),
    )
    assert await asyncio.to_thread(firing, port) == ALERTS.keys()


def test_every_alert_has_words_and_a_severity() -> None:
    for name, rule in ALERTS.items():
        assert rule["annotations"]["summary"].endswith("."), name
        assert rule["labels"]["severity"] in {"page", "ticket"}, name


@pytest.mark.parametrize("page", ["admins.md", "admins.ko.md"])
def test_the_guide_says_what_to_do_at_each(page: str) -> None:
    rows = re.findall(r"(?m)^\| `(Tutor\w+)` \|", (ROOT / "docs" / page).read_text("utf-8"))
    assert sorted(rows) == sorted(ALERTS)


def test_the_rules_name_only_figures_that_there_are() -> None:
    exposed = PrometheusMetrics().exposition().body.decode()
    figures = set(re.findall(r"(?m)^# TYPE (\w+)", exposed))
    for rule in ALERTS.values():
        for name in re.findall(r"\b(?:tutor|process)_\w+", rule["expr"]):
            assert re.sub(r"_(bucket|count|sum)$", "", name) in figures, name

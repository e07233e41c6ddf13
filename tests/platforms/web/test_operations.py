"""What probes and Prometheus get."""

import asyncio
import json

import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot.platforms.web import operations
from tests.platforms.web.conftest import Serve
from tests.platforms.web.rawhttp import parsed


async def fine() -> str:
    return ""


async def test_health_needs_nothing_but_the_loop(serve: Serve) -> None:
    client = await serve(checks={"sandbox": asyncio.Event().wait})
    assert (await client.get("/healthz", {"Host": "10.1.2.3:8080"})).status == 200


async def test_ready_when_every_check_is(serve: Serve) -> None:
    client = await serve(checks={"lessons": fine, "sandbox": fine})
    answer = await client.get("/readyz")
    assert answer.status == 200
    assert json.loads(answer.body)["checks"] == {"lessons": "ok", "sandbox": "ok"}


async def test_not_ready_says_what_is_wrong_to_direct_callers_only(serve: Serve) -> None:
    async def broken() -> str:
        raise OSError("no such kernel")

    async def disconnected() -> str:
        return "not connected"

    client = await serve(checks={"lessons": fine, "sandbox": broken, "discord": disconnected})
    answer = await client.get("/readyz")
    assert answer.status == 503
    assert json.loads(answer.body)["checks"] == {
        "lessons": "ok",
        "sandbox": "OSError: no such kernel",
        "discord": "not connected",
    }
    outside = await client.get("/readyz", {"X-Forwarded-For": "203.0.113.5"})
    assert json.loads(outside.body) == {"status": "not ready"}


async def test_many_probes_are_one_check(serve: Serve) -> None:
    calls = 0

    async def counted() -> str:
        nonlocal calls
        calls += 1
        await asyncio.sleep(0.05)
        return ""

    client = await serve(checks={"sandbox": counted})
    found = await asyncio.gather(*(client.get("/readyz") for _ in range(10)))
    assert {answer.status for answer in found} == {200}
    assert calls == 1


async def test_metrics_are_for_direct_callers(serve: Serve) -> None:
    client = await serve()
    await client.get("/explain/coroutine")
    await client.get("/explain/coroutine/and/more")
    answer = await client.get("/metrics")
    families = {family.name for family in text_string_to_metric_families(answer.text)}
    assert {"tutor_runs", "tutor_web_request_seconds", "tutor_loop_lag_seconds"} <= families
    assert 'route="unknown",status="404"' in answer.text
    assert "coroutine" not in answer.text
    assert (await client.get("/metrics", {"X-Forwarded-For": "1.2.3.4"})).status == 404
    assert (await (await serve(expose=None)).get("/metrics")).status == 404


PROXIED = [
    {"X-Forwarded-For": "203.0.113.5"},
    {"X-Real-IP": "203.0.113.5"},
    {"Via": "1.1 proxy"},
    {"Forwarded": "for=203.0.113.5"},
    {"CF-Connecting-IP": "203.0.113.5"},
    {"Host": "tutor.example.org"},
    {"Host": "TUTOR.example.org.:443"},
    {"Host": "another.example"},
    {"Host": "8.8.8.8"},
    {"Host": ""},
]
DIRECT = ["localhost", "127.0.0.1:8080", "10.1.2.3:8080", "[::1]:8080", "tutor:8080", "a.b.svc"]


@pytest.mark.parametrize("headers", PROXIED, ids=str)
async def test_the_public_gets_no_figures_and_no_reasons(
    serve: Serve, headers: dict[str, str]
) -> None:
    async def broken() -> str:
        return "a reason for operators"

    client = await serve(
        hosts=("tutor.example.org",),
        checks={"sandbox": broken},
        down={"Discord": "a reason for operators"},
    )
    assert (await client.get("/metrics", headers)).status == 404
    for path in ("/readyz", "/healthz"):
        assert "reason" not in (await client.get(path, headers)).text


async def test_a_proxy_that_adds_no_header_speaks_an_older_http(serve: Serve) -> None:
    client = await serve()
    answer = await client.raw(
        f"GET /metrics HTTP/1.0\r\nHost: 127.0.0.1:{client.port}\r\n\r\n".encode()
    )
    assert parsed(answer).status == 404


@pytest.mark.parametrize("host", DIRECT)
async def test_who_asks_from_inside_gets_everything(serve: Serve, host: str) -> None:
    client = await serve(hosts=("tutor.example.org",), checks={"sandbox": fine})
    assert (await client.get("/metrics", {"Host": host})).status == 200
    assert "sandbox" in (await client.get("/readyz", {"Host": host})).text


async def test_figures_tell_of_readiness_though_a_check_hangs(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken() -> str:
        return "broken"

    metrics = (await (await serve(checks={"good": fine, "bad": broken})).get("/metrics")).text
    assert 'tutor_ready{check="good"} 1.0' in metrics
    assert 'tutor_ready{check="bad"} 0.0' in metrics
    monkeypatch.setattr(operations, "_LOOK_SECONDS", 0.1)
    client = await serve(checks={"hangs": asyncio.Event().wait})
    assert (await client.get("/metrics")).status == 200

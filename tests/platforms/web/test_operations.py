"""What probes and Prometheus get."""

import asyncio
import json

from prometheus_client.parser import text_string_to_metric_families

from tests.platforms.web.conftest import Serve


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

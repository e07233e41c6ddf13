"""Behind a reverse proxy: who is told apart, what is told to operators, what cookies carry."""

from ipaddress import ip_network

import pytest
from structlog.testing import capture_logs

from tests.platforms.web.conftest import Serve

LOOPBACK = (ip_network("127.0.0.0/8"),)
FORWARDED = {"X-Forwarded-For": "203.0.113.5"}


async def test_a_proxy_that_is_not_trusted_is_told_once(serve: Serve) -> None:
    client = await serve()
    with capture_logs() as logs:
        for _ in range(3):
            await client.get("/", FORWARDED)
    (told,) = [entry for entry in logs if entry["event"] == "proxy not trusted"]
    assert told["proxy"] == "127.0.0.1"
    assert "set TUTOR_WEB_PROXIES=127.0.0.1" in told["remedy"]
    assert "tutor_web_untrusted_proxy 1.0" in (await client.get("/metrics")).text


@pytest.mark.parametrize(("proxies", "headers"), [(LOOPBACK, FORWARDED), ((), {})])
async def test_nothing_is_told_where_all_is_well(
    serve: Serve, proxies: tuple[object, ...], headers: dict[str, str]
) -> None:
    client = await serve(proxies=proxies)
    with capture_logs() as logs:
        await client.get("/", headers)
    assert "proxy not trusted" not in {entry["event"] for entry in logs}
    assert "tutor_web_untrusted_proxy 0.0" in (await client.get("/metrics")).text


@pytest.mark.parametrize(
    ("headers", "secure"),
    [
        ({}, False),
        ({"X-Forwarded-Proto": "http"}, False),
        ({"X-Forwarded-Proto": "https"}, True),
        ({"X-Forwarded-Proto": "HTTPS, http"}, True),
        ({"Forwarded": "for=203.0.113.5;proto=https"}, True),
    ],
)
async def test_cookies_are_secure_behind_tls(
    serve: Serve, headers: dict[str, str], *, secure: bool
) -> None:
    client = await serve()
    answer = await client.get("/?lang=ko", headers)
    cookies = answer.headers["Set-Cookie"]
    assert ("Secure" in cookies) == secure


@pytest.mark.parametrize("path", ["/", "/explain/coroutine", "/api/suggest?text=/run"])
async def test_a_blocked_visitor_gets_a_sentence_and_no_answer(serve: Serve, path: str) -> None:
    client = await serve(proxies=LOOPBACK, blocked=(ip_network("203.0.113.0/24"),))
    answer = await client.get(path, FORWARDED)
    assert answer.status == 403
    assert "have blocked you" in answer.text
    assert (await client.get(path, {"X-Forwarded-For": "198.51.100.1"})).status == 200


async def test_a_blocked_visitor_can_run_nothing(serve: Serve) -> None:
    client = await serve(proxies=LOOPBACK, blocked=(ip_network("203.0.113.0/24"),))
    answer = await client.ask({"path": "/run/gather"}, FORWARDED)
    assert answer.status == 403
    assert "have blocked you" in answer.text
    metrics = (await client.get("/metrics")).text
    assert 'tutor_refusals_total{cause="blocked",platform="web"} 1.0' in metrics
    own = await client.ask({"path": "/run/gather"}, {"X-Forwarded-For": "198.51.100.1"})
    assert own.events[-1][1]["final"]


async def test_every_stream_passes_through_proxies_at_once(serve: Serve) -> None:
    client = await serve()
    answer = await client.ask({"path": "/run/gather"})
    assert answer.headers["X-Accel-Buffering"] == "no"
    async with client.connection() as (reader, writer):
        writer.write(client.head("GET", "/api/news"))
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
    assert "X-Accel-Buffering: no" in head
    assert "no-transform" in head

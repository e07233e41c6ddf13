"""The samples for nginx and Caddy, run for real in front of a playground, with TLS."""

import asyncio
import re
import socket
import ssl
import subprocess
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from ipaddress import ip_network
from pathlib import Path

import aiohttp
import pytest

from bot.observe.prometheus import PrometheusMetrics
from bot.platforms.web.server import Playground
from tests.e2e.conftest import Start
from tests.e2e.deploy.conftest import DEPLOY
from tests.platforms.web.tutoring import ScriptedTutor

NAME = "tutor.example.org"
LINES, PAUSE = 10, 0.2
LOOPBACK = ip_network("127.0.0.0/8")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def certificate(folder: Path) -> tuple[Path, Path]:
    """Make a certificate of our own for the sample's name."""
    certificate, key = folder / "fullchain.pem", folder / "privkey.pem"
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"),
            *("-subj", f"/CN={NAME}", "-addext", f"subjectAltName=DNS:{NAME}"),
            *("-keyout", key, "-out", certificate),
        ],
        check=True,
        capture_output=True,
    )
    return certificate, key


@dataclass(frozen=True)
class Front:
    """A proxy that listens on two ports, and the playground behind it."""

    tls: int
    plain: int
    context: ssl.SSLContext
    playground: Playground

    @asynccontextmanager
    async def session(self) -> AsyncIterator[aiohttp.ClientSession]:
        """A browser's connection, as if the name led here."""

        class Here(aiohttp.abc.AbstractResolver):
            async def resolve(
                self, host: str, port: int = 0, family: int = socket.AF_INET
            ) -> list[aiohttp.abc.ResolveResult]:
                return [
                    {
                        "hostname": host,
                        "host": "127.0.0.1",
                        "port": port,
                        "family": family,
                        "proto": 0,
                        "flags": 0,
                    }
                ]

            async def close(self) -> None: ...

        connector = aiohttp.TCPConnector(resolver=Here(), ssl=self.context)
        async with aiohttp.ClientSession(
            f"https://{NAME}:{self.tls}", connector=connector
        ) as session:
            yield session


Configure = Callable[[Path, int, int, int], tuple[str | Path, ...]]


def nginx(folder: Path, tls: int, plain: int, upstream: int) -> tuple[str | Path, ...]:
    """Write the sample with the test's ports and certificate; return the command."""
    certificate(folder)
    sample = (DEPLOY / "nginx.conf").read_text()
    sample = re.sub(r"listen (\[::\]:)?443", rf"listen \g<1>{tls}", sample)
    sample = re.sub(r"listen (\[::\]:)?80;", rf"listen \g<1>{plain};", sample)
    sample = re.sub(r"\s*listen \[::\].*", "", sample)
    sample = sample.replace("127.0.0.1:8080", f"127.0.0.1:{upstream}")
    sample = sample.replace(f"/etc/letsencrypt/live/{NAME}", str(folder))
    whole = folder / "nginx.conf"
    paths = "\n".join(
        f"{kind}_temp_path {folder}/{kind};"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    whole.write_text(
        f"daemon off; pid {folder}/pid; error_log stderr; worker_processes 1;\n"
        f"events {{}}\nhttp {{\naccess_log off;\ngzip on;\n{paths}\n{sample}}}\n"
    )
    return "nginx", "-c", whole, "-e", "stderr"


def caddy(folder: Path, tls: int, plain: int, upstream: int) -> tuple[str | Path, ...]:
    """Write the sample with the test's ports and certificate; return the command."""
    files = " ".join(map(str, certificate(folder)))
    sample = (DEPLOY / "Caddyfile").read_text()
    sample = sample.replace(f"{NAME} {{", f"{NAME} {{\n\ttls {files}\n")
    sample = sample.replace("127.0.0.1:8080", f"127.0.0.1:{upstream}")
    options = f"{{\n\tadmin off\n\thttp_port {plain}\n\thttps_port {tls}\n}}\n"
    whole = folder / "Caddyfile"
    whole.write_text(options + sample)
    return "caddy", "run", "--config", whole, "--adapter", "caddyfile"


@pytest.fixture(params=[nginx, caddy], ids=["nginx", "caddy"])
async def front(
    request: pytest.FixtureRequest, tmp_path: Path, start: Start
) -> AsyncIterator[Front]:
    metrics = PrometheusMetrics()
    playground = Playground(
        tutor=ScriptedTutor(lines=LINES, pause=PAUSE),
        port=0,
        hosts=(NAME,),
        proxies=(LOOPBACK,),
        metrics=metrics,
        expose=metrics.exposition,
    )
    await playground.start()
    tls, plain = free_port(), free_port()
    upstream = int(playground.url.rsplit(":", 1)[1])
    command = await asyncio.to_thread(request.param, tmp_path, tls, plain, upstream)
    await asyncio.to_thread(start, *command, until=lambda: listens(tls))
    context = await asyncio.to_thread(
        ssl.create_default_context, cafile=str(tmp_path / "fullchain.pem")
    )
    yield Front(tls, plain, context, playground)
    await playground.close()


async def test_an_answer_passes_as_it_grows(front: Front) -> None:
    loop = asyncio.get_running_loop()
    async with front.session() as browser:
        body = {"path": "/run/gather", "lang": "en"}
        async with browser.post("/api/ask", json=body) as answer:
            assert answer.status == 200
            arrived = [loop.time() async for line in answer.content if line.startswith(b"event:")]
    assert len(arrived) > 3
    # Held back, all would come at once when the run has ended.
    assert arrived[-1] - arrived[0] > LINES * PAUSE / 2


async def test_news_pass_at_once(front: Front) -> None:
    async with front.session() as browser, browser.get("/api/news") as news:
        first = await asyncio.wait_for(news.content.readline(), 5)
        front.playground.lessons_changed("another")
        found = await asyncio.wait_for(_next_data(news.content), 5)
    assert first.startswith(b"data: ")
    assert found != first


async def _next_data(content: aiohttp.StreamReader) -> bytes:
    while not (line := await content.readline()).startswith(b"data: "):
        assert line
    return line


async def test_pages_come_by_tls_with_secure_cookies(front: Front) -> None:
    async with front.session() as browser:
        async with browser.get("/explain/coroutine") as page:
            assert page.status == 200
            assert page.headers["Strict-Transport-Security"] == "max-age=31536000"
            assert "trusted-types" in page.headers["Content-Security-Policy"]
            cookies = page.headers.getall("Set-Cookie")
        assert cookies
        assert all("Secure" in cookie for cookie in cookies)
        plain = f"http://{NAME}:{front.plain}/explain/coroutine"
        async with browser.get(plain, allow_redirects=False) as moved:
            assert moved.status in {301, 308}
            assert moved.headers["Location"].startswith(f"https://{NAME}")


@pytest.mark.parametrize("path", ["/metrics", "/healthz", "/readyz"])
async def test_what_is_for_operators_does_not_pass(front: Front, path: str) -> None:
    async with front.session() as browser, browser.get(path) as answer:
        assert answer.status == 404
        assert "tutor_" not in await answer.text()


async def test_visitors_are_told_apart(front: Front) -> None:
    async with front.session() as browser:
        forged = {"X-Forwarded-For": "203.0.113.5"}
        async with browser.get("/explain/coroutine", headers=forged) as page:
            assert page.status == 200
        direct = f"{front.playground.url}/metrics"
        async with browser.get(direct) as metrics:
            figures = await metrics.text()
    assert "tutor_web_untrusted_proxy 0.0" in figures

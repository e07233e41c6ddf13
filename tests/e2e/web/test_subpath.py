"""The playground under a path of its host, behind nginx that passes the path on unchanged."""

import asyncio
import socket
from collections.abc import AsyncIterator
from ipaddress import ip_network
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import expect

from bot.lessons.model import Lesson
from tests.e2e.conftest import Start
from tests.e2e.web.conftest import Visit, serving
from tests.e2e.web.test_journey import THREE_SECONDS

pytestmark = pytest.mark.asyncio(loop_scope="session")

ROOT = "/courses/tutor"
NGINX = """
daemon off; pid {folder}/pid; error_log stderr; worker_processes 1;
events {{}}
http {{
  access_log off;
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi; uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  server {{
    listen 127.0.0.1:{port};
    location / {{ return 418; }}
    location = {root} {{ return 308 {root}/; }}
    location {root}/ {{
      proxy_pass http://127.0.0.1:{upstream};
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_set_header Host $http_host;
      proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
    }}
  }}
}}
"""


@pytest_asyncio.fixture(loop_scope="session")
async def front(course: tuple[Lesson, ...], tmp_path: Path, start: Start) -> AsyncIterator[str]:
    """The address of a proxy before the tutor and, under all other paths, another program."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    async with serving(course, root=ROOT, proxies=(ip_network("127.0.0.0/8"),)) as site:
        upstream = site.url.removesuffix(ROOT).rsplit(":", 1)[1]
        config = tmp_path / "nginx.conf"
        text = NGINX.format(folder=tmp_path, port=port, root=ROOT, upstream=upstream)
        await asyncio.to_thread(config.write_text, text)

        def listens() -> bool:
            with socket.socket() as probe:
                return probe.connect_ex(("127.0.0.1", port)) == 0

        await asyncio.to_thread(start, "nginx", "-c", config, "-e", "stderr", until=listens)
        yield f"http://127.0.0.1:{port}"


@pytest.mark.parametrize("visit", [{"locale": "en-GB"}], indirect=True)
async def test_a_whole_visit_stays_below_the_path(front: str, visit: Visit) -> None:
    page, asked = visit.page, []
    page.on("request", lambda request: asked.append(request.url))
    await page.goto(f"{front}{ROOT}")
    assert page.url == f"{front}{ROOT}/"
    await page.fill("#ask", "/run gat")
    await expect(page.locator("#suggestions [role=option]").first).to_contain_text("/run gather")
    await visit.type("/run gather")
    await visit.settled()
    assert page.url.startswith(f"{front}{ROOT}/run/gather")
    await expect(page.locator(".turn:last-child .measured")).to_contain_text(THREE_SECONDS)
    await page.locator(f".turn:last-child .choice[href^='{ROOT}/predict/']").first.click()
    await visit.settled()
    assert page.url.startswith(f"{front}{ROOT}/predict/gather")
    await page.reload()
    await expect(page.locator(".turn")).not_to_have_count(0)
    await page.click("button.theme")
    await page.click("footer.documents a >> nth=0")
    await expect(page.locator("h2")).to_have_text("Privacy")
    assert await page.get_attribute("html", "data-theme") in {"light", "dark"}
    cookies = {it["name"]: it["path"] for it in await page.context.cookies(f"{front}{ROOT}/")}
    assert set(cookies.values()) == {ROOT}
    assert {"learner", "theme"} <= set(cookies)
    assert await page.context.cookies(f"{front}/other") == []
    ours = [it for it in asked if it.startswith(front)]
    assert [it for it in ours if not it.removeprefix(front).startswith(ROOT)] == []
    assert any("/api/news" in it for it in ours)

"""Pages that other sites show inside theirs: which, to whom, and that they leave nothing behind."""

import re

import pytest

from bot.platforms.web.guard import HEADERS
from tests.platforms.web.conftest import Serve
from tests.platforms.web.test_addresses import led_to

SITES = ("https://moodle.example.org", "https://*.school.example")
INSIDE = ["/embed/run/gather", "/embed/explain/coroutine", "/embed/predict/gather"]


@pytest.mark.parametrize("path", INSIDE)
async def test_they_may_be_framed_by_the_listed_sites_alone(serve: Serve, path: str) -> None:
    client = await serve(embed=SITES)
    page = await client.get(path)
    assert page.status == 200
    assert "X-Frame-Options" not in page.headers
    wanted = f"frame-ancestors {' '.join(SITES)};"
    policy = HEADERS["Content-Security-Policy"].replace("frame-ancestors 'none';", wanted)
    sent = re.sub(r"'nonce-[\w-]+'", "'none'", page.headers["Content-Security-Policy"])
    assert sent == policy
    assert wanted in policy


@pytest.mark.parametrize(
    "path",
    ["/", "/run/gather", "/explain/coroutine", "/privacy", "/embed", "/embed/nonsense", "/healthz"],
)
async def test_nothing_else_may_be_framed(serve: Serve, path: str) -> None:
    page = await (await serve(embed=SITES)).get(path)
    assert page.headers["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in page.headers["Content-Security-Policy"]


@pytest.mark.parametrize("path", INSIDE)
async def test_where_no_site_is_listed_there_are_none(serve: Serve, path: str) -> None:
    page = await (await serve()).get(path)
    assert page.status == 404
    assert page.headers["X-Frame-Options"] == "DENY"


@pytest.mark.parametrize("path", [*INSIDE, "/embed/run/gather?lang=ko"])
async def test_they_set_no_cookies(serve: Serve, path: str) -> None:
    page = await (await serve(embed=SITES)).get(path)
    assert "Set-Cookie" not in page.headers


async def test_nothing_runs_before_it_is_asked_for(serve: Serve) -> None:
    page = (await (await serve(embed=SITES)).get("/embed/run/gather?lang=en")).text
    assert "data-ask-now" not in page
    assert 'data-ask="here" href="/embed/run/gather">Run it now</a>' in page
    assert "It prints hello." in page


async def test_its_links_stay_inside_but_for_the_one_that_leads_out(serve: Serve) -> None:
    client = await serve(embed=SITES, root="/tutor")
    page = (await client.get("/tutor/embed/explain/coroutine?lang=ko")).text
    links = [it for it in led_to(page) if "/static/" not in it]
    assert [it for it in links if not it.startswith("/tutor/embed/")] == [
        "/tutor/explain/coroutine?lang=ko"
    ]
    answer = await client.ask({"path": "/tutor/embed/run/gather", "embedded": True})
    assert answer.events[0][1]["path"] == "/tutor/embed/run/gather"
    assert 'href=\\"/tutor/embed/predict/gather\\"' in answer.text


async def test_a_name_that_is_none_is_told_inside_the_frame(serve: Serve) -> None:
    page = await (await serve(embed=SITES)).get("/embed/explain/nonsense?lang=en")
    assert page.status == 404
    assert "No concept <code>nonsense</code>" in page.text
    assert "X-Frame-Options" not in page.headers

"""A playground that has a path of its host, and not the whole of it."""

import re

import pytest

from bot.lessons.model import LOCALES
from bot.platforms.web.addresses import Addresses
from bot.tutor.model import Compare, Run
from tests.platforms.web.conftest import Serve
from tests.platforms.web.test_markup import tags

ROOT = "/courses/tutor"
LEADING = ("href", "src", "action", "data-path", "data-quiz", "data-exercise", "data-ask-now")
PAGES = (
    "/",
    "/lessons",
    "/explain/coroutine",
    "/explain/nonsense",
    "/predict/gather",
    "/run/gather",
    "/compare/sync,gather",
    "/privacy",
    "/terms",
    "/nonsense",
)


@pytest.mark.parametrize(
    ("path", "asked"),
    [
        ("/courses/tutor/run/gather", Run("gather")),
        ("/courses/tutor/compare/sync,gather", Compare(("sync", "gather"))),
        ("/courses/tutors/run/gather", None),
        ("/courses/tutorrun/gather", None),
        ("/run/gather", None),
        ("", None),
    ],
)
def test_only_addresses_below_the_path_ask(path: str, asked: object) -> None:
    assert Addresses(ROOT).asked(path) == asked


def led_to(html: str) -> list[str]:
    """Return every address of ours that a page holds."""
    found = []
    for _, attributes in tags(html):
        found += [attributes[name] or "" for name in LEADING if name in attributes]
        found += (attributes.get("data-items") or "").split()
    return [it for it in found if it and not re.match(r"https://|#", it)]


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("path", PAGES)
async def test_every_address_in_a_page_holds_the_path(serve: Serve, path: str, locale: str) -> None:
    client = await serve(root=ROOT)
    page = await client.get(f"{ROOT}{path}?lang={locale}")
    found = led_to(page.text)
    assert f"{ROOT}/" in found
    assert [it for it in found if not it.startswith(f"{ROOT}/")] == []


async def test_what_an_answer_links_to_holds_the_path(serve: Serve) -> None:
    client = await serve(root=ROOT)
    answer = await client.ask({"path": f"{ROOT}/predict/gather"})
    assert answer.events[0] == (
        "begin",
        {"path": f"{ROOT}/predict/gather", "command": "/predict gather", "answer": "quiz"},
    )
    run = await client.ask({"path": f"{ROOT}/run/gather"})
    refused = await client.ask({"text": "?"})
    shown = answer.text + run.text + refused.text
    linked = re.findall(r'(?:href|data-quiz)=\\"(/[^\\]*)', shown)
    assert linked
    assert [it for it in linked if not it.startswith(f"{ROOT}/")] == []
    outside = await client.ask({"path": "/run/gather"})
    assert outside.status == 400


async def test_cookies_do_not_reach_its_neighbours(serve: Serve) -> None:
    client = await serve(root=ROOT)
    page = await client.get(f"{ROOT}/?lang=ko")
    assert page.status == 200
    assert f"Path={ROOT};" in page.headers["Set-Cookie"]


@pytest.mark.parametrize(
    ("path", "status", "location"),
    [
        (ROOT, 308, f"{ROOT}/"),
        (f"{ROOT}?lang=ko", 308, f"{ROOT}/?lang=ko"),
        (f"{ROOT}/go?text=/run+gather", 303, f"{ROOT}/run/gather"),
        (f"{ROOT}/go?text=/nonsense+x+y", 303, f"{ROOT}/help"),
        (f"{ROOT}/go?text=/lang+ko", 303, f"{ROOT}/?lang=ko"),
    ],
)
async def test_redirects_stay_below_the_path(
    serve: Serve, path: str, status: int, location: str
) -> None:
    answer = await (await serve(root=ROOT)).get(path)
    assert (answer.status, answer.headers["Location"]) == (status, location)


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics"])
async def test_operators_pages_stay_at_the_root(serve: Serve, path: str) -> None:
    client = await serve(root=ROOT)
    assert (await client.get(path)).status == 200
    assert (await client.get(f"{ROOT}{path}")).status == 404


@pytest.mark.parametrize("path", ["/", "/run/gather", "/courses/tutors/", "/static/x/page.js"])
async def test_there_is_nothing_above_it(serve: Serve, path: str) -> None:
    answer = await (await serve(root=ROOT)).get(path)
    assert answer.status == 404
    assert "Set-Cookie" not in answer.headers


async def test_its_address_holds_the_path(serve: Serve) -> None:
    client = await serve(root=ROOT)
    assert client.playground.url == f"http://127.0.0.1:{client.port}{ROOT}"
    assert client.playground.describe() == f"on, at {client.playground.url}"

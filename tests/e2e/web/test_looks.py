"""What the key views look like, held against pictures that somebody has looked at.

The runs are recorded ones, the font is the same everywhere, and nothing moves. The pictures are
small and are compared loosely: a bar, a column or a colour that is gone or elsewhere shows, how
letters are smoothed does not. After a change that is meant: `--snapshot-update`, and look at them.
"""

import asyncio
import io
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
import pytest_asyncio
from PIL import Image, ImageChops, ImageFilter, ImageStat
from playwright.async_api import Browser, expect
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.single_file import SingleFileSnapshotExtension

from bot.lessons.library import Library
from bot.lessons.model import Lesson, Locale
from tests.e2e.recorded import OWN_CODE, RecordedRunner
from tests.e2e.web.conftest import Site, Visit, serving, visiting

pytestmark = pytest.mark.asyncio(loop_scope="session")

SMALLER = 4
CELL = 16
"""Pixels of a small picture, each way, whose mean is compared."""
MOST_IN_A_CELL, MOST_IN_ALL = 30, 2
"""By how much of 255 a cell, and the whole, may differ."""

LOOKS: list[Any] = [
    pytest.param(375, 812, "dark", "ko", id="phone-dark-ko"),
    pytest.param(1280, 900, "light", "en", id="desktop-light-en"),
    pytest.param(1920, 1080, "dark", "en", id="projector-dark-en"),
]


class SmallPicture(SingleFileSnapshotExtension):
    """A small PNG, compared with tolerance."""

    file_extension = "png"

    def matches(self, *, serialized_data: Any, snapshot_data: Any) -> bool:
        """Tell whether two pictures look alike."""
        before, after = (_opened(data) for data in (snapshot_data, serialized_data))
        if before.size != after.size:
            return False
        blurred = [it.filter(ImageFilter.BoxBlur(1)) for it in (before, after)]
        differs = ImageChops.difference(*blurred).convert("L")
        worst = max(differs.reduce(CELL).tobytes())
        return worst <= MOST_IN_A_CELL and ImageStat.Stat(differs).mean[0] <= MOST_IN_ALL


def _opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data)).convert("RGB")


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def recorded(course: tuple[Lesson, ...]) -> AsyncIterator[Site]:
    """A playground whose runs are recorded ones."""
    going = asyncio.Event()
    going.set()
    async with serving(course, RecordedRunner(Library(course), going)) as site:
        yield site


async def first(visit: Visit, url: str) -> None:
    await visit.page.goto(url)


async def finished(visit: Visit, url: str) -> None:
    await visit.page.goto(url.replace("?", "run/gather?"))
    await expect(visit.page.locator(".replay")).to_be_visible()
    await visit.settled()


async def replayed(visit: Visit, url: str) -> None:
    await finished(visit, url)
    for toggle in await visit.page.locator(".toggle").all():
        await toggle.click()
    await expect(visit.page.locator(".loop-state")).to_be_visible()
    await visit.page.locator(".scrubber").fill("2010000")
    await visit.page.evaluate("document.querySelector('.measured').scrollIntoView()")


async def compared(visit: Visit, url: str) -> None:
    await visit.page.goto(url.replace("?", "compare/gather,create_task?"))
    await expect(visit.page.locator(".replay")).to_be_visible()
    await visit.settled()


async def asked(visit: Visit, url: str) -> None:
    await visit.page.goto(url.replace("?", "predict/gather?"))
    await visit.page.evaluate("document.querySelector('form.quiz').scrollIntoView()")


async def found(visit: Visit, url: str) -> None:
    await visit.page.goto(url.replace("?", "try?"))
    await visit.page.fill("form.own-code textarea", OWN_CODE)
    await visit.page.locator("form.own-code button[type=submit]").click()
    await expect(visit.page.locator(".replay")).to_be_visible()
    await visit.settled()
    await expect(visit.page.locator(".row[data-found]")).not_to_have_count(0)
    await visit.page.evaluate("document.querySelector('.turn:last-child').scrollIntoView()")


VIEWS: list[Callable[[Visit, str], Awaitable[None]]] = [
    first, finished, replayed, compared, asked, found,
]  # fmt: skip


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize(("width", "height", "scheme", "locale"), LOOKS)
async def test_key_views_look_as_they_did(
    browser: Browser,
    recorded: Site,
    snapshot: SnapshotAssertion,
    view: Callable[[Visit, str], Awaitable[None]],
    width: int,
    height: int,
    scheme: str,
    locale: Locale,
) -> None:
    options: dict[str, Any] = {
        "viewport": {"width": width, "height": height},
        "color_scheme": scheme,
        "reduced_motion": "reduce",
    }
    async with visiting(browser, **options) as visit:
        await view(visit, f"{recorded.url}/?lang={locale}")
        await visit.page.mouse.move(0, 0)  # nothing is pointed at
        await visit.page.evaluate("document.fonts.ready")
        shot = _opened(await visit.page.screenshot(animations="disabled", caret="hide"))
    small = shot.reduce(SMALLER)
    written = io.BytesIO()
    small.quantize(64).save(written, "PNG", optimize=True)
    assert written.getvalue() == snapshot(extension_class=SmallPicture)

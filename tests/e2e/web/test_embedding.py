"""The playground inside a page of another site, in a real browser that keeps no cookies there."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from aiohttp import web
from playwright.async_api import Browser, expect

from bot.lessons.model import Lesson, Locale
from tests.e2e.web.conftest import serving, visiting
from tests.e2e.web.test_journey import THREE_SECONDS, accessible

pytestmark = pytest.mark.asyncio(loop_scope="session")

RUN = {"en": "Run it now", "ko": "지금 실행하기"}


@asynccontextmanager
async def school(*frames: str) -> AsyncIterator[str]:
    """Serve a page of a course that shows others inside it; yield its address."""

    async def show(request: web.Request) -> web.Response:
        shown = "".join(
            f'<iframe title="{it}" src="{request.query["tutor"]}{it}" width="760" height="520">'
            "</iframe>"
            for it in frames
        )
        head = "<html lang=en><link rel=icon href=data:,><title>A course</title>"
        text = f"<!doctype html>{head}<main><h1>A course</h1>{shown}</main>"
        return web.Response(text=text, content_type="text/html")

    app = web.Application()
    app.add_routes([web.get("/", show)])
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


@pytest.mark.parametrize("locale", ["en", "ko"])
async def test_a_run_inside_a_course(
    course: tuple[Lesson, ...], browser: Browser, locale: Locale
) -> None:
    shown = f"/embed/run/gather?lang={locale}", f"/embed/explain/coroutine?lang={locale}"
    async with (
        school(*shown) as there,
        serving(course, embed=(there,)) as site,
        visiting(browser) as visit,
    ):
        page, tutor = visit.page, site.url.replace("127.0.0.1", "localhost")
        await page.goto(f"{there}/?tutor={tutor}")
        run, explained = (page.frame_locator("iframe").nth(it) for it in range(2))
        await expect(run.locator(".source")).to_contain_text("asyncio.gather")
        await expect(explained.locator(".answer h3")).to_be_visible()
        await run.get_by_role("link", name=RUN[locale]).click()
        await expect(run.locator(".measured")).to_contain_text(THREE_SECONDS)
        await expect(run.locator(".timeline-view")).to_be_visible()
        assert await run.locator(".turn").count() == 1
        await accessible(page)
        assert await page.context.cookies() == []
        assert page.url.startswith(there)
        assert "/embed/run/gather" in page.frames[1].url


async def test_a_site_that_is_not_listed_shows_nothing(
    course: tuple[Lesson, ...], browser: Browser
) -> None:
    async with (
        school("/embed/explain/coroutine", "/explain/coroutine") as there,
        serving(course, embed=("https://moodle.example.org",)) as site,
        visiting(browser) as visit,
    ):
        tutor = site.url.replace("127.0.0.1", "localhost")
        await visit.page.goto(f"{there}/?tutor={tutor}")
        for number in range(2):
            frame = visit.page.frame_locator("iframe").nth(number)
            await expect(frame.locator(".answer")).to_have_count(0)
        refused = [it for it in visit.complaints if "frame" in it.casefold()]
        assert len(refused) >= 2
        visit.complaints.clear()

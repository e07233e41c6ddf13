"""A real browser in front of the real tutor: lessons, sandbox, queue, playground."""

import os
import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from noto_cjk_sans_otc import FONT_PATH  # type: ignore[import-untyped]  # it ships no types
from playwright.async_api import Browser, Page, async_playwright, expect

from bot.lessons.files.load import load_file, load_folders
from bot.lessons.library import Library
from bot.lessons.model import Lesson
from bot.platforms.web.limits import WebLimits
from bot.platforms.web.server import Playground
from bot.runner.host.local import LocalRunner
from bot.runner.queue import RunQueue
from bot.tutor.service import TutorService
from bot.tutor.services import Services
from tests.e2e.recorded import RecordedRunner

LIMITS = WebLimits(pages_burst=5_000, asks_burst=2_000)
"""A whole suite comes from one address."""

UNREACHABLE = re.compile(r"^Failed to load resource: net::|Failed to fetch")
"""What a browser complains about where a server, or a file of it, cannot be reached."""

PATIENCE = 45.0
"""Seconds for which something is awaited in a page: a busy machine takes its time."""

ROOT = Path(__file__).parents[3]
CHROMIUM = Path("/usr/bin/chromium-headless-shell")
"""Draws and scripts as `chromium` does, for half the processor time: it has no window, and none of
the pages that a whole browser loads for itself."""
ARGUMENTS = [
    "--no-sandbox",
    "--site-per-process",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@dataclass
class Site:
    """A playground with everything behind it."""

    playground: Playground
    lessons: list[Lesson]

    @property
    def url(self) -> str:
        return self.playground.url

    def library(self) -> Library:
        return Library(self.lessons)


class Shelf:
    """The library of lessons that a test may change; it is made again when they did."""

    def __init__(self, lessons: list[Lesson]) -> None:
        self._lessons = lessons
        self._held: list[Lesson] = []
        self._library = Library([])

    def __call__(self) -> Library:
        """Return the library of the lessons as they are now."""
        if self._held != self._lessons:
            self._held, self._library = list(self._lessons), Library(self._lessons)
        return self._library


@dataclass
class Visit:
    """A page, and whatever it complained about."""

    page: Page
    complaints: list[str] = field(default_factory=list)
    unreachable: bool = False
    """Whether the test makes the server, or a file of it, unreachable: the browser says so."""

    def complain(self, text: str) -> None:
        """Note what the page complains about."""
        if not (self.unreachable and UNREACHABLE.search(text)):
            self.complaints.append(text)

    async def choose(self, text: str) -> None:
        """Click what is offered under this name in the last answer."""
        await self.page.locator(".turn:last-child .choice", has_text=text).first.click()

    async def type(self, text: str) -> None:
        await self.page.fill("#ask", text)
        await self.page.press("#ask", "Enter")

    async def settled(self, seconds: float = PATIENCE) -> None:
        """Wait until no answer is under way."""
        busy = self.page.locator(".answer[aria-busy]")
        await self.page.wait_for_function(
            "() => !document.querySelector('.answer[aria-busy]')", timeout=seconds * 1000
        )
        assert await busy.count() == 0


@pytest.fixture(scope="session")
def course() -> tuple[Lesson, ...]:
    """The course, and one lesson that is up to no good."""
    hostile = load_file(Path(__file__).parent / "hostile.yaml")
    return (*load_folders([ROOT / "lessons"]).lessons, hostile)


@pytest.fixture(scope="session")
def chromium() -> Path:
    """Debian's Chromium without a window."""
    if not CHROMIUM.exists():
        pytest.skip("Chromium is not installed: apt install chromium-headless-shell")
    return CHROMIUM


@asynccontextmanager
async def serving(
    course: tuple[Lesson, ...], recorded: RecordedRunner | None = None, **settings: Any
) -> AsyncIterator[Site]:
    """Serve the course, with a sandbox of its own.

    :param recorded: runs in its place
    """
    async with AsyncExitStack() as stack:
        runner = recorded or LocalRunner()
        if isinstance(runner, LocalRunner):
            await runner.start()
        stack.push_async_callback(runner.close)
        queue = RunQueue(running=8, waiting=50)
        lessons = list(course)
        services = Services(shelf=Shelf(lessons), runner=runner, queue=queue)
        playground = Playground(tutor=TutorService(services), port=0, limits=LIMITS, **settings)
        await playground.start()
        stack.push_async_callback(playground.close)
        yield Site(playground, lessons)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def site(course: tuple[Lesson, ...]) -> AsyncIterator[Site]:
    """The playground that all tests of a worker share: who changes it takes one of its own."""
    async with serving(course) as shared:
        yield shared


@pytest_asyncio.fixture(loop_scope="session")
async def own_site(course: tuple[Lesson, ...]) -> AsyncIterator[Site]:
    """A playground that may be changed and closed."""
    async with serving(course) as own:
        yield own


@asynccontextmanager
async def launched(
    chromium: Path, downloads: Path, *more: str, fonts: Path | None = None
) -> AsyncIterator[Browser]:
    """Start a browser with a new profile.

    :param fonts: a configuration of fontconfig; None: the system's
    """
    expect.set_options(timeout=PATIENCE * 1000)
    async with async_playwright() as playwright:
        started = await playwright.chromium.launch(
            executable_path=chromium,
            args=[*ARGUMENTS, *more],
            downloads_path=downloads,
            env={**os.environ, "FONTCONFIG_FILE": str(fonts)} if fonts else None,
        )
        yield started
        await started.close()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser(
    chromium: Path, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Browser]:
    """The browser that all tests of a worker share; each visit is a profile of its own.

    It has one font, that of the pictures, so that pages look alike on every machine.
    """
    folder = tmp_path_factory.mktemp("browser")
    fonts = folder / "fonts.conf"
    fonts.write_text(
        f"<fontconfig><dir>{Path(FONT_PATH).parent}</dir><cachedir>{folder}/fonts</cachedir></fontconfig>"
    )
    async with launched(chromium, folder, fonts=fonts) as shared:
        yield shared


@asynccontextmanager
async def visiting(browser: Browser, **options: Any) -> AsyncIterator[Visit]:
    """Open a page in a new profile; what it complained about fails the test."""
    context = await browser.new_context(**options)
    page = await context.new_page()
    visit = Visit(page)
    page.on("console", lambda message: visit.complain(message.text))
    page.on("pageerror", lambda error: visit.complain(str(error)))
    page.on("dialog", lambda dialog: visit.complain(f"dialog: {dialog.message}"))
    yield visit
    await context.close()
    assert visit.complaints == []


@pytest_asyncio.fixture(loop_scope="session")
async def visit(browser: Browser, request: pytest.FixtureRequest) -> AsyncIterator[Visit]:
    """Open a page: `indirect` parameters are the new context's options."""
    options: dict[str, Any] = getattr(request, "param", {})
    async with visiting(browser, **options) as opened:
        yield opened

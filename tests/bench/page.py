"""The page in a real browser: its first paint, a replay's frames, and news of a changed lesson.

How long a first paint takes depends on the machine, so each page is held against the smallest that
the same server sends, asked for in turn with it.
"""

import asyncio
import logging
import statistics
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import aiohttp
import structlog
from playwright.async_api import Browser, Page, expect

from bot.languages import LOCALES
from bot.lessons.files.load import load_folders
from tests.bench.figures import Figure, percentile, ratio
from tests.e2e.web.conftest import CHROMIUM, ROOT, Site, Visit, launched, serving

PATHS = ("/", "/lessons", "/run/gather", "/embed/run/gather")
EMPTY = "/healthz"
"""The smallest page: one word, without a stylesheet."""

PAGES = 100
"""How many are open when a lesson changes."""

_LANES, _STEPS = 100, 33
_CODE = f"""import asyncio

async def work(number):
    for step in range({_STEPS}):
        await asyncio.sleep(0.02)

async def main():
    await asyncio.gather(*(work(number) for number in range({_LANES - 1})))

asyncio.run(main())
"""
"""A hundred lanes; each wait is followed by a step, so that there are about ten thousand spans."""

_PAINTED = """() => new Promise((tell) => {
  const look = () => {
    const [painted] = performance.getEntriesByName("first-contentful-paint");
    if (painted) tell(painted.startTime); else setTimeout(look, 5);
  };
  look();
})"""

_FRAMES = """() => {
  const range = document.querySelector(".scrubber");
  const took = [];
  for (let frame = 0; frame < 200; frame++) {
    const before = performance.now();
    range.value = (Number(range.max) * frame) / 200;
    range.dispatchEvent(new Event("input", { bubbles: true }));
    document.body.offsetHeight;
    took.push(performance.now() - before);
  }
  return took;
}"""


async def page(quick: bool) -> list[Figure]:  # noqa: FBT001 - as every benchmark is called
    """Open pages, step through a long record, and change a lesson; nothing without a browser."""
    if not CHROMIUM.exists():
        print("  left out: Chromium is not installed (apt install chromium-headless-shell)")  # noqa: T201 - told
        return []
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    course = tuple(load_folders([ROOT / "lessons"]).lessons)
    rounds = 5 if quick else 15
    with TemporaryDirectory() as downloads:
        async with (
            serving(course, embed=("http://localhost",)) as site,
            launched(CHROMIUM, Path(downloads)) as browser,
        ):
            return [
                *await _first_paints(browser, site, rounds),
                *await _replay(browser, site),
                *await _news(site),
            ]


async def _first_paints(browser: Browser, site: Site, rounds: int) -> list[Figure]:
    paths = [f"{path}?lang={locale}" for path in PATHS for locale in LOCALES]
    cold: dict[str, list[float]] = {path: [] for path in (EMPTY, *paths)}
    warm: dict[str, list[float]] = {path: [] for path in cold}
    for _ in range(rounds):
        for path in cold:
            async with _opened(browser) as opened:
                for found in (cold, warm):
                    await opened.goto(site.url + path, wait_until="load")
                    found[path].append(await opened.evaluate(_PAINTED))
    figures = [Figure("first paint of the smallest page", statistics.median(cold[EMPTY]), "ms")]
    for path in paths:
        figures += [
            Figure(f"first paint of {path}, cold", statistics.median(cold[path]), "ms", "≤ 300"),
            Figure(f"first paint of {path}, warm", statistics.median(warm[path]), "ms", "≤ 300"),
            ratio(f"first paint of {path}, beside it", cold[path], cold[EMPTY], "≤ 3"),
        ]
    return figures


@asynccontextmanager
async def _opened(browser: Browser) -> AsyncIterator[Page]:
    """Open a page in a new profile, in which nothing is kept yet."""
    context = await browser.new_context()
    yield await context.new_page()
    await context.close()


async def _replay(browser: Browser, site: Site) -> list[Figure]:
    async with _opened(browser) as opened:
        await opened.goto(f"{site.url}/try?lang=en")
        await opened.fill("form.own-code textarea", _CODE)
        await opened.click("form.own-code button[type=submit]")
        await expect(opened.locator(".replay")).to_be_visible(timeout=60_000)
        await Visit(opened).settled()
        took = await opened.evaluate(_FRAMES)
    return [
        Figure("a replay's frame, 100 lanes, median", statistics.median(took), "ms", "≤ 16"),
        Figure("a replay's frame, 100 lanes, p95", percentile(took, 0.95), "ms", "≤ 16"),
    ]


async def _news(site: Site) -> list[Figure]:
    """Let as many pages listen; each asks for the course again when it hears of a change."""
    listening = asyncio.Semaphore(0)
    heard: list[float] = []
    shown: list[float] = []

    async def listen(client: aiohttp.ClientSession) -> None:
        async with client.get(f"{site.url}/api/news") as news:
            told = 0
            async for line in news.content:
                told += line.startswith(b"data:")
                if line.startswith(b"data:") and told == 1:
                    listening.release()
                elif told > 1:
                    break
        heard.append(time.perf_counter())
        async with client.get(f"{site.url}/lessons") as answer:
            await answer.read()
        shown.append(time.perf_counter())

    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(connector=connector) as client, asyncio.TaskGroup() as pages:
        for _ in range(PAGES):
            pages.create_task(listen(client))
        for _ in range(PAGES):
            await listening.acquire()
        changed = time.perf_counter()
        site.playground.lessons_changed("another")
    return [
        Figure(f"the last of {PAGES} pages hears", max(heard) - changed, "s", "≤ 1"),
        Figure(f"the last of {PAGES} pages has it", max(shown) - changed, "s"),
    ]

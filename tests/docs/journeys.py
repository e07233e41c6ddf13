"""Goes three ways through the playground and writes what is seen: `python -m tests.docs.journeys`.

A teacher's, on a projector: predict with the class, replay, change the code, run again. And that of
somebody with a phone, and that of somebody with code of their own.
"""

import asyncio
import io
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path

from PIL import Image
from playwright.async_api import Page, expect

from bot.languages import LOCALES, Locale
from bot.lessons.files.load import load_folders
from tests.docs.pages import ROOT
from tests.e2e.web.conftest import CHROMIUM, Visit, launched, serving, visiting

IMAGES = ROOT / "docs" / "images"
PROJECTOR = {"viewport": {"width": 1600, "height": 900}}
DESK = {"viewport": {"width": 1100, "height": 1300}}
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}

OWN_CODE = {
    "en": ("fetch", "name", "seconds", "apples", "pears", "plums", "is here"),
    "ko": ("fetch", "name", "seconds", "사과", "배", "자두", "도착"),
}
"""The words of a program that awaits one after another, and once not at all."""

See = Callable[[str], Awaitable[None]]
"""Keeps what is seen now under this name."""


async def teacher(visit: Visit, url: str, locale: Locale, see: See) -> None:
    """Project a quiz, predict, replay the real run, change the code, run it again."""
    page = visit.page
    await page.goto(f"{url}/predict/gather?lang={locale}")
    await page.locator("button.present").click()
    await see("teacher-predict")
    await page.locator("form.quiz .pick").first.click()
    await page.locator("form.quiz button.primary").click()
    await expect(page.locator(".turn:last-child .replay")).to_be_visible(timeout=60_000)
    await visit.settled()
    await page.keyboard.press("Escape")
    await page.goto(f"{url}/run/gather?lang={locale}")
    await expect(page.locator(".replay")).to_be_visible(timeout=60_000)
    await visit.settled()
    await page.locator("button.present").click()
    await _at_line(page, 5)
    await page.locator(".toggle").nth(1).click()
    await expect(page.locator(".loop-state")).to_be_visible()
    await _top(page)
    await see("teacher-replay")
    await page.keyboard.press("Escape")
    await page.goto(f"{url}/try/gather?lang={locale}")
    editor = page.locator("form.own-code textarea")
    code = await editor.input_value()
    await editor.fill(code.replace("await asyncio.sleep(3)", "import time; time.sleep(1)"))
    await page.locator("form.own-code button[type=submit]").click()
    await expect(page.locator(".replay")).to_be_visible(timeout=60_000)
    await visit.settled()
    await page.locator("button.present").click()
    await _at_line(page, 3)
    await _top(page)
    await see("teacher-change")


async def phone(visit: Visit, url: str, locale: Locale, see: See) -> None:
    """Look at the first page, run something, and go through it event by event."""
    page = visit.page
    await page.emulate_media(reduced_motion="reduce")
    await page.goto(f"{url}/?lang={locale}")
    await see("phone-first")
    await page.goto(f"{url}/run/gather?lang={locale}")
    await expect(page.locator(".replay")).to_be_visible(timeout=60_000)
    await visit.settled()
    await _at_line(page, 5)
    await page.evaluate("document.querySelector('.measured').scrollIntoView()")
    await page.evaluate("scrollBy(0, -70)")
    await see("phone-replay")


def own_code(locale: Locale) -> str:
    """Return a program that has two faults."""
    fetch, name, seconds, first, second, third, here = OWN_CODE[locale]
    return f"""import asyncio


async def {fetch}({name}, {seconds}):
    await asyncio.sleep({seconds})
    print({name}, "{here}")


async def main():
    await {fetch}("{first}", 0.3)
    await {fetch}("{second}", 0.2)
    {fetch}("{third}", 0.1)


asyncio.run(main())
"""


async def own(visit: Visit, url: str, locale: Locale, see: See) -> None:
    """Run code of one's own, and read why it did what it did."""
    page = visit.page
    await page.goto(f"{url}/try?lang={locale}")
    await page.locator("form.own-code textarea").fill(own_code(locale))
    await page.locator("form.own-code button[type=submit]").click()
    await expect(page.locator(".replay")).to_be_visible(timeout=60_000)
    await visit.settled()
    await _top(page)
    await see("own-code")


async def _at_line(page: Page, number: int) -> None:
    """Go to the moment at which a line was printed."""
    await page.locator(f".sequence li[data-number='{number}'] .line").click()
    await page.mouse.move(0, 0)


async def _top(page: Page) -> None:
    await page.evaluate("document.querySelector('.turn:last-child').scrollIntoView()")


async def _walk() -> None:
    course = tuple(load_folders([ROOT / "lessons"]).lessons)
    with tempfile.TemporaryDirectory() as downloads:
        async with serving(course) as site, launched(CHROMIUM, Path(downloads)) as browser:
            for locale in LOCALES:
                for journey, options in ((teacher, PROJECTOR), (phone, PHONE), (own, DESK)):
                    async with visiting(browser, **options) as visit:
                        await journey(visit, site.url, locale, _keeper(visit.page, locale))


def _keeper(page: Page, locale: Locale) -> See:
    async def see(name: str) -> None:
        shot = Image.open(io.BytesIO(await page.screenshot()))
        path = IMAGES / f"web-{name}.{locale}.png"
        shot.convert("RGB").quantize(160).save(path, "PNG", optimize=True)

    return see


if __name__ == "__main__":
    asyncio.run(_walk())

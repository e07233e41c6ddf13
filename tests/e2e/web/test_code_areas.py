"""What holds wherever code is typed, with the editor and with the text area alone."""

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Page, Route, expect

from tests.e2e.web.conftest import Site, Visit
from tests.e2e.web.test_journey import accessible

pytestmark = pytest.mark.asyncio(loop_scope="session")

AREA = "form.own-code textarea"


@pytest_asyncio.fixture(loop_scope="session", params=["as built", "text area"])
async def page(visit: Visit, request: pytest.FixtureRequest) -> AsyncIterator[Page]:
    """Open pages as they are here, and as they are where the editor was not built."""

    async def without_editor(route: Route) -> None:
        answer = await route.fetch()
        html = (await answer.text()).replace('data-editor="built"', 'data-editor=""')
        await route.fulfill(response=answer, body=html)

    if request.param == "text area":
        await visit.page.route("**/try*", without_editor)
    yield visit.page


async def test_control_enter_runs_and_a_reload_keeps_what_was_typed(
    site: Site, visit: Visit, page: Page
) -> None:
    await page.goto(f"{site.url}/try?lang=en")
    await page.fill(AREA, "print('kept')")
    await page.locator("form.own-code .cm-content, label:not(.has-editor) textarea").focus()
    await page.keyboard.press("Control+Enter")
    await visit.settled()
    await expect(page.locator(".turn:last-child .sequence")).to_contain_text("kept")
    await page.goto("about:blank")
    await page.goto(f"{site.url}/try?lang=en")
    assert await page.input_value(AREA) == ""  # another visit, another draft
    await page.fill(AREA, "print('not handed in')")
    await page.reload()
    await expect(page.locator(AREA)).to_have_value("print('not handed in')")
    await accessible(page)


async def test_code_that_is_too_long_is_told_at_once(site: Site, page: Page) -> None:
    await page.goto(f"{site.url}/try?lang=en")
    await page.fill(AREA, "가" * 6_700)
    told = page.locator("form.own-code .too-long")
    await expect(told).to_have_text("Code may have 20 kB. This has 20.1 kB: shorten it.")
    await accessible(page)
    await page.fill(AREA, "x")
    await expect(told).to_be_empty()


async def test_what_needs_the_forms_script_waits_for_it(site: Site, visit: Visit) -> None:
    page, come = visit.page, asyncio.Event()

    async def late(route: Route) -> None:
        await come.wait()
        await route.continue_()

    await page.route("**/forms.*js", late)
    await page.goto(f"{site.url}/try?lang=en")
    link = page.locator("form.own-code button.link")
    await expect(link).to_be_disabled()
    come.set()
    await expect(link).to_be_enabled()


async def test_what_a_link_says_is_seen(site: Site, page: Page) -> None:
    await page.goto(f"{site.url}/try?lang=en")
    await page.fill(AREA, "print(1)")
    await page.click("form.own-code button.link")
    said = page.locator("form.own-code .said")
    await expect(said).to_contain_text("The link is in the address bar")
    link = page.url
    await page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    await page.click("form.own-code button.link")
    await expect(said).to_contain_text("The link is copied")
    assert await page.evaluate("navigator.clipboard.readText()") == link
    await page.goto("about:blank")
    await page.goto(link)
    await expect(said).to_contain_text("Somebody's code")
    box = await said.bounding_box()
    assert box is not None
    assert box["height"] > 20
    await page.fill(AREA, "print(2)")
    await page.reload()
    await expect(page.locator(AREA)).to_have_value("print(2)")

"""What a page view loads: scripts when they are needed, and no more of them than was promised."""

import pytest
from playwright.async_api import Page, expect

from tests.e2e.web.conftest import Site, Visit

pytestmark = pytest.mark.asyncio(loop_scope="session")

BUDGET = 60_000
"""Bytes of script, unpacked, that a page view may load; the code editor apart."""

SCRIPTS = """() => Object.fromEntries(performance.getEntriesByType("resource")
  .filter((it) => it.name.endsWith(".js"))
  .map((it) => [it.name.split("/").at(-1), it.decodedBodySize]))"""


async def scripts(page: Page) -> dict[str, int]:
    """Return the scripts that a page has loaded, and the size of each; not the editor's."""
    found: dict[str, int] = await page.evaluate(SCRIPTS)
    found.pop("editor.js", None)
    assert all(found.values())
    return found


@pytest.mark.parametrize("path", ["/", "/lessons", "/explain/gather", "/predict/gather", "/try"])
async def test_pages_that_run_nothing_load_nothing_that_draws(
    site: Site, visit: Visit, path: str
) -> None:
    await visit.page.goto(f"{site.url}{path}?lang=en", wait_until="networkidle")
    loaded = await scripts(visit.page)
    assert not {"timeline_view.js", "replay.js", "suggest.js"} & loaded.keys()
    assert ("forms.js" in loaded) == (path in {"/predict/gather", "/try"})
    assert sum(loaded.values()) <= BUDGET


@pytest.mark.parametrize("path", ["/run/gather", "/compare/gather,create_task"])
async def test_a_run_and_its_replay_stay_within_the_budget(
    site: Site, visit: Visit, path: str
) -> None:
    page = visit.page
    await page.goto(f"{site.url}{path}?lang=ko")
    await expect(page.locator(".replay")).to_be_visible(timeout=30_000)
    await visit.settled()
    loaded = await scripts(page)
    assert "replay.js" in loaded
    assert sum(loaded.values()) <= BUDGET, loaded
    # What is asked for by hand comes then.
    assert not {"arrows.js", "loop_state.js", "picture_file.js"} & loaded.keys()
    for toggle in await page.locator(".toggle").all():
        await toggle.click()
    await expect(page.locator(".loop-state")).to_be_visible()
    assert {"arrows.js", "loop_state.js"} <= (await scripts(page)).keys()

"""The code editor, where it was built (`make editor`): in a real browser before the real tutor."""

import re

import pytest
from playwright.async_api import expect

from bot.lessons.model import Locale
from tests.commands import ROOT
from tests.e2e.web.conftest import Site, Visit
from tests.e2e.web.test_journey import DESKTOP, JOURNEYS, accessible

BUNDLE = ROOT / "bot/platforms/web/static/editor.js"

pytestmark = [
    pytest.mark.asyncio(loop_scope="session"),
    pytest.mark.skipif(not BUNDLE.exists(), reason="the editor is not built: make editor"),
]

FAULTY = """import asyncio
import time

async def work(n):
    await asyncio.sleep(0.05)
    time.sleep(0.2)
    print("done", n)

async def main():
    await work(1)
    raise ValueError("on purpose")

asyncio.run(main())
"""
TOLD = {"en": "Line 6: ", "ko": "6번째 줄: "}

# Announcements are taken away again once they were read out.
LISTEN = """
  window.heard = [];
  new MutationObserver(() => {
    const said = document.querySelector(".cm-announced")?.textContent.trim();
    if (said && heard.at(-1) !== said) heard.push(said);
  }).observe(document, { childList: true, subtree: true, characterData: true });
"""


BESIDE = """() => {
  const line = document.querySelectorAll(".cm-line")[12];
  const numbers = [...document.querySelectorAll(".cm-lineNumbers .cm-gutterElement")];
  const number = numbers.find((it) => it.textContent === "13");
  return Math.abs(line.getBoundingClientRect().y - number.getBoundingClientRect().y) < 3;
}"""


@pytest.mark.parametrize(("visit", "locale"), JOURNEYS, indirect=["visit"])
async def test_findings_are_shown_at_their_lines_and_read_out(
    site: Site, visit: Visit, locale: Locale
) -> None:
    page = visit.page
    await page.add_init_script(LISTEN)
    await page.goto(f"{site.url}/try?lang={locale}")
    editor = page.locator(".cm-content")
    await expect(editor).to_be_visible()
    await accessible(page)
    await editor.focus()
    await page.keyboard.insert_text(FAULTY)
    assert await page.input_value("form.own-code textarea") == FAULTY
    await page.keyboard.press("Control+Enter")
    await visit.settled()
    told = page.locator(".cm-told")
    await expect(told.first).to_contain_text(TOLD[locale])
    await expect(told.last).to_contain_text("ValueError")
    marked = page.locator(".cm-gutter-lint .cm-lint-marker")
    assert await marked.count() == await told.count()
    before = await told.first.evaluate("it => it.previousElementSibling.textContent")
    assert before.strip() == "time.sleep(0.2)"
    await editor.locator(".cm-line").nth(12).scroll_into_view_if_needed()
    # The editor moves its numbers in the frame after the findings came between the lines.
    await page.wait_for_function(BESIDE)
    await accessible(page)
    await page.wait_for_function("text => heard.some((it) => it.includes(text))", arg=TOLD[locale])
    # In the code of the answer, the same lines are marked.
    row = page.locator(".turn:last-child .code.source .row[data-found='warning']").first
    await expect(row).to_contain_text("time.sleep(0.2)")


@pytest.mark.parametrize("visit", [DESKTOP], indirect=True)
async def test_a_changed_line_loses_its_finding_and_f8_finds_the_others(
    site: Site, visit: Visit
) -> None:
    page = visit.page
    await page.goto(f"{site.url}/try?lang=en")
    await expect(page.locator(".cm-content")).to_be_visible()
    await page.fill("form.own-code textarea", FAULTY)  # as a link or a draft fills it
    await expect(page.locator(".cm-line").nth(5)).to_have_text("    time.sleep(0.2)")
    await page.click("form.own-code button[type=submit]")
    await visit.settled()
    told = page.locator(".turn:first-child .cm-told")
    await expect(told).to_have_count(2)
    await page.locator(".cm-content").focus()
    await page.keyboard.press("F8")
    assert "time.sleep" in await page.locator(".cm-line").nth(5).inner_text()
    await page.keyboard.press("End")
    await page.keyboard.type("  # changed")
    await expect(told).to_have_count(1)
    await expect(told).to_contain_text("ValueError")
    # Changing the code of an answer begins with what was found in it.
    await page.click(".turn:last-child .code .tools button:has-text('Change it')")
    await visit.settled()
    await expect(page.locator(".turn:last-child .cm-told")).to_have_count(2)


async def test_tab_indents_and_escape_leads_out(site: Site, visit: Visit) -> None:
    page = visit.page
    await page.goto(f"{site.url}/try?lang=en")
    editor = page.locator(".cm-content")
    await editor.focus()
    keys = await editor.get_attribute("aria-describedby")
    await expect(page.locator(f"#{keys}")).to_contain_text("Esc and then Tab leaves the editor")
    await expect(editor).to_have_attribute("aria-label", "Your asyncio code")
    await page.keyboard.press("Tab")
    await page.keyboard.type("x = (1")
    assert await page.input_value("form.own-code textarea") == "    x = (1"
    await page.keyboard.press("Escape")
    await page.keyboard.press("Tab")
    await expect(page.locator("form.own-code button.primary")).to_be_focused()
    await page.keyboard.press("Shift+Tab")
    await expect(editor).to_be_focused()
    await page.keyboard.press("Escape")
    await page.keyboard.press("Shift+Tab")
    await expect(editor).not_to_be_focused()
    await editor.focus()
    await page.keyboard.press("Tab")  # not after Esc: it indents again
    assert await page.input_value("form.own-code textarea") == "        x = (1"
    await page.keyboard.type("async def f():")
    await page.keyboard.press("Enter")
    await expect(page.locator(".cm-line span", has_text="async").first).to_be_visible()


async def test_the_editor_comes_only_where_code_is_typed(site: Site, visit: Visit) -> None:
    page = visit.page
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    await page.goto(f"{site.url}/explain/coroutine?lang=en")
    await visit.settled()
    scripts = [url for url in asked if url.endswith(".js")]
    assert scripts
    assert not any("editor" in url for url in scripts)
    weight = 0
    for url in scripts:
        weight += int((await page.request.get(url)).headers["content-length"])
    assert weight <= 60_000
    await visit.type("/exercise fetch_together")
    await visit.settled()
    await expect(page.locator("form.exercise .cm-content")).to_be_visible()
    assert [url for url in asked if url.endswith("/editor.js")]
    await accessible(page)


async def test_the_policy_allows_the_styles_of_one_page_alone(site: Site, visit: Visit) -> None:
    page = visit.page
    policies = []
    for _ in range(2):
        answer = await page.goto(f"{site.url}/try?lang=en")
        assert answer is not None
        policies.append(await answer.header_value("content-security-policy") or "")
    nonces = [re.findall(r"'nonce-([\w-]{22})'", policy) for policy in policies]
    assert [len(found) for found in nonces] == [1, 1]
    assert nonces[0] != nonces[1]
    for policy, (nonce,) in zip(policies, nonces, strict=True):
        assert f"style-src 'nonce-{nonce}';" in policy
        assert "unsafe" not in policy
    await expect(page.locator(".cm-editor")).to_have_css("font-size", "14.4px")
    version = (await page.locator("script[src]").first.get_attribute("src") or "").split("/")[-2]
    licences = await page.request.get(f"{site.url}/static/{version}/editor.licenses.txt")
    assert "MIT" in await licences.text()
    assert "nonce" not in licences.headers["content-security-policy"]


async def test_hidden_characters_of_somebodys_code_are_shown(site: Site, visit: Visit) -> None:
    page = visit.page
    await page.goto(f"{site.url}/try?lang=en")
    await expect(page.locator(".cm-content")).to_be_visible()
    await page.fill("form.own-code textarea", "x = 1  # \u202e 1 = y\u0007")
    await expect(page.locator(".cm-specialChar")).to_have_count(2)


@pytest.mark.parametrize("visit", [{**DESKTOP, "forced_colors": "active"}], indirect=True)
async def test_forced_colours_leave_all_to_be_seen(site: Site, visit: Visit) -> None:
    page = visit.page
    await page.goto(f"{site.url}/try?lang=en")
    await expect(page.locator(".cm-content")).to_be_visible()
    await page.locator(".cm-content").focus()
    outline = await page.locator(".cm-editor").evaluate("it => getComputedStyle(it).outlineStyle")
    assert outline == "solid"
    await accessible(page)

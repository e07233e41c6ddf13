"""Own code in the playground: a real browser before the real tutor."""

import pytest
from playwright.async_api import expect

from bot.lessons.model import Locale
from tests.e2e.web.conftest import Site, Visit
from tests.e2e.web.test_journey import JOURNEYS, accessible

pytestmark = pytest.mark.asyncio(loop_scope="session")

SLOW = (
    "import asyncio\n\nasync def work(n):\n    await asyncio.sleep(0.1)\n    print('끝', n)\n\n"
    "async def main():\n    await work(1)\n    await work(2)\n\nasyncio.run(main())\n"
)


@pytest.mark.parametrize(("visit", "locale"), JOURNEYS, indirect=["visit"])
async def test_what_is_written_is_run_and_explained(
    site: Site, visit: Visit, locale: Locale
) -> None:
    page = visit.page
    await page.goto(f"{site.url}/try?lang={locale}")
    await accessible(page)
    await page.fill("form.own-code textarea", SLOW)
    await page.click("form.own-code button[type=submit]")
    await visit.settled()
    answer = page.locator(".turn:last-child")
    await expect(answer).to_contain_text("끝 2")
    await expect(answer).to_contain_text("Python 3.")
    await expect(answer).to_contain_text("gather")
    await accessible(page)
    assert visit.complaints == []


async def test_a_scenarios_code_is_changed(site: Site, visit: Visit) -> None:
    page = visit.page
    await page.goto(f"{site.url}/try/gather?lang=en")
    assert "asyncio.gather" in await page.input_value("form.own-code textarea")
    await page.goto(f"{site.url}/run/task_group_failure?lang=en")
    await visit.settled()
    await visit.choose("Change it")
    await visit.settled()
    code = await page.input_value(".turn:last-child form.own-code textarea")
    assert "TaskGroup" in code


async def test_a_link_carries_code_and_runs_nothing(site: Site, visit: Visit) -> None:
    page = visit.page
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    await page.goto(f"{site.url}/try?lang=en")
    await page.fill("form.own-code textarea", SLOW)
    await page.click("form.own-code button.link")
    await page.wait_for_function("() => location.hash.startsWith('#code=')")
    link = page.url
    await page.goto("about:blank")
    asked.clear()
    await page.goto(link)
    await expect(page.locator("form.own-code .said")).to_contain_text("Somebody's code")
    assert await page.input_value("form.own-code textarea") == SLOW
    await page.wait_for_timeout(300)
    assert not any("/api/ask" in url or "code=" in url.partition("#")[0] for url in asked)
    assert await page.locator(".sequence").count() == 0


async def test_what_was_copied_is_told_and_what_was_not(site: Site, visit: Visit) -> None:
    page = visit.page
    await page.goto(f"{site.url}/explain/coroutine?lang=en")
    copy = page.locator(".answer .copy").first
    await copy.click()
    await expect(copy).to_have_text("The browser does not let it be copied")
    await page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    await copy.click()
    await expect(copy).to_have_text("Copied")
    code = await page.locator(".answer pre").first.text_content()
    assert await page.evaluate("navigator.clipboard.readText()") == code


BOMB = """async () => {
  const stream = new Blob(["x".repeat(5_000_000)]).stream()
    .pipeThrough(new CompressionStream("deflate-raw"));
  const bytes = new Uint8Array(await new Response(stream).arrayBuffer());
  const text = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
  location.hash = "#code=" + text.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}"""


async def test_a_link_that_holds_no_code_says_so(site: Site, visit: Visit) -> None:
    page = visit.page
    for fragment in ("!!!", "AAAA", "x" * 100_000):
        await page.goto("about:blank")
        await page.goto(f"{site.url}/try?lang=en#code={fragment}")
        await expect(page.locator("form.own-code .said")).to_contain_text("cannot be read")
    await page.goto(f"{site.url}/try?lang=en")
    await page.evaluate(BOMB)
    await expect(page.locator("form.own-code .said")).to_contain_text("cannot be read")
    assert await page.input_value("form.own-code textarea") == ""


async def test_hostile_and_enormous_code_gets_an_answer(site: Site, visit: Visit) -> None:
    page = visit.page
    for code, told in (
        ("print('<img src=x onerror=alert(1)></textarea><script>')", "<img src=x"),
        ("가" * 19_000, "20 kB"),
        ("import os\nwhile True: os.fork()", "process"),
    ):
        await page.goto(f"{site.url}/try?lang=en")
        await page.fill("form.own-code textarea", code)
        await page.click("form.own-code button[type=submit]")
        await visit.settled()
        await expect(page.locator(".turn:last-child .answer")).to_contain_text(told)


async def test_a_line_tells_why_it_came_when_it_did(site: Site, visit: Visit) -> None:
    page = visit.page
    await page.goto(f"{site.url}/try?lang=en")
    await page.fill("form.own-code textarea", SLOW)
    await page.click("form.own-code button[type=submit]")
    await visit.settled()
    last = page.locator(".turn:last-child .sequence > ol > li").last
    await expect(last.locator(".cause").first).to_be_hidden()
    await last.locator(".reasons summary").click()
    await expect(last.locator(".cause").first).to_contain_text("sleep(0.1) in line 4 was over")
    await expect(last.locator(".cause").last).to_contain_text("the program began")
    await accessible(page)
    await page.click(".turn:last-child .code .tools button:has-text('Change it')")
    await visit.settled()
    assert (await page.input_value(".turn:last-child textarea[name=code]")).strip() == SLOW.strip()


HOSTILE = (
    "import os, socket\nprint('<img src=x onerror=document.title=1>')\n"
    "print('<script>document.title=2</script>')\n"
    "print('</textarea></li>' * 3, '\\u202e', '\\x1b[2J')\n"
    "try:\n    socket.create_connection(('127.0.0.1', 80))\nexcept OSError:\n    pass\n"
    "while True:\n    os.fork()\n"
)


async def test_a_link_with_hostile_code_harms_nobody(site: Site, visit: Visit) -> None:
    page = visit.page
    await page.goto(f"{site.url}/try?lang=en")
    await page.fill("form.own-code textarea", HOSTILE)
    await page.click("form.own-code button.link")
    await page.wait_for_function("() => location.hash.startsWith('#code=')")
    link = page.url
    await page.goto("about:blank")
    await page.goto(link)
    await expect(page.locator("form.own-code .said")).to_contain_text("Somebody's code")
    await page.click("form.own-code button[type=submit]")
    await visit.settled()
    answer = page.locator(".turn:last-child")
    await expect(answer).to_contain_text("There is no network here")
    await expect(answer).to_contain_text("No other process can be started here")
    await expect(answer.locator("img, script")).to_have_count(0)
    assert await page.title() not in {"1", "2"}
    assert visit.complaints == []

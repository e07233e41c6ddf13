"""A learner's whole way through the playground, in a real browser, before the real tutor."""

import re
from pathlib import Path

import pytest
from axe_playwright_python.async_playwright import (  # type: ignore[import-untyped] # has no types
    Axe,
)
from playwright.async_api import Page, expect

from bot.lessons.model import Locale
from bot.platforms.web.words import WebWords
from tests.e2e.web.conftest import Site, Visit, launched, visiting
from tests.held_up import held_up

pytestmark = pytest.mark.asyncio(loop_scope="session")

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
DESKTOP = {"viewport": {"width": 1280, "height": 900}}
WIDTHS = [
    pytest.param({**PHONE, "color_scheme": "dark"}, id="phone-dark"),
    pytest.param({**DESKTOP, "color_scheme": "light"}, id="desktop-light"),
]
JOURNEYS = [
    pytest.param({**PHONE, "color_scheme": "dark"}, "ko", id="phone-dark-ko"),
    pytest.param({**DESKTOP, "color_scheme": "light"}, "en", id="desktop-light-en"),
]
"""Each language on one of the widths: what a page looks like does not depend on both at once."""


THREE_SECONDS = re.compile(r"[3-9]\.\d")
"""What sleeps that overlap are measured to take: never less, and more on a busy machine."""

# Notes whatever the page shows at any moment: how many lines, whether more are to come, which
# picture. A busy machine may sleep through the moment itself.
WATCH = """
  window.seen = [];
  new MutationObserver(() => seen.push([
    document.querySelectorAll(".sequence li").length,
    Boolean(document.querySelector(".answer[aria-busy]")),
    document.querySelector(".clock")?.textContent ?? "",
  ])).observe(document, { childList: true, subtree: true });
"""


async def accessible(page: Page) -> None:
    """No violation of any rule that axe knows; and nothing sticks out of the window."""
    results = await Axe().run(page)
    assert results.violations_count == 0, results.generate_report()
    width = await page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert width <= 0


@pytest.mark.parametrize(("visit", "locale"), JOURNEYS, indirect=["visit"])
async def test_the_whole_journey(site: Site, visit: Visit, locale: Locale) -> None:
    page = visit.page
    library = site.library()
    lesson, gather = library.lesson("tasks"), library.scenario("gather")
    await page.goto(f"{site.url}/?lang={locale}")
    await accessible(page)

    course = page.locator(".course summary")
    if not await page.locator(".course details[open]").count():
        await course.click()
    await page.locator(".course a", has_text=lesson.title.text(locale)).click()
    await visit.settled()
    assert page.url.endswith(f"/lessons/tasks?lang={locale}")

    await page.locator(".turn:last-child .map a[href='/explain/gather']").click()
    await visit.settled()
    await expect(page.locator(".turn:last-child h3").first).to_be_visible()
    await accessible(page)

    last, said = page.locator(".turn:last-child"), ""
    while not said or held_up(said):  # what a busy machine held up asks for another run
        await visit.type("/predict gather")
        await visit.settled()
        await last.locator("form.quiz .pick", has_text=re.compile(r"^3\D")).click()
        await accessible(page)
        await last.locator("form.quiz button.primary").click()
        await visit.settled()
        said = await last.inner_text()
    await expect(last.locator(".note.good").first).to_be_visible()
    await expect(last.locator(".timeline-view")).to_be_visible()
    await accessible(page)

    await visit.type("/compare gather create_task")
    await visit.settled()
    assert page.url.endswith(f"/compare/gather,create_task?lang={locale}")
    await expect(last.locator(".part > .scroll tbody tr")).to_have_count(2)
    await expect(last).to_contain_text(gather.title.text(locale))
    await accessible(page)


@pytest.mark.parametrize("visit", WIDTHS[:1], indirect=True)
async def test_a_shared_link_runs_and_lines_come_as_they_are_printed(
    site: Site, visit: Visit
) -> None:
    page = visit.page
    await page.add_init_script(WATCH)
    await page.goto(f"{site.url}/run/gather?lang=ko")
    await expect(page.locator("button.stop")).to_be_visible()
    await expect(page.locator(".answer h3")).to_be_visible()
    await expect(page.locator(".answer .code .t-k").first).to_be_visible()
    await visit.settled()
    seen = await page.evaluate("seen")
    assert any(0 < lines < 6 for lines, busy, _ in seen if busy)
    assert len({picture for _, busy, picture in seen if busy and picture}) >= 2
    assert await page.locator(".sequence .line").all_inner_texts() == [
        "async_task_1 시작",
        "sync_task_1 3초 대기",
        "async_task_2 시작",
        "sync_task_2 2초 대기",
        "sync_task_2 재시작",
        "sync_task_1 재시작",
    ]
    await expect(page.locator(".measured")).to_contain_text(THREE_SECONDS)
    await page.locator(".as-table summary").click()
    await expect(page.locator(".as-table tbody")).to_contain_text("sleep(3)")
    await expect(page.locator("#status")).to_have_text(WebWords("ko").done)
    await accessible(page)


@pytest.mark.parametrize("visit", [DESKTOP], indirect=True)
async def test_a_hostile_scenario_stays_text(site: Site, visit: Visit) -> None:
    page = visit.page
    await page.goto(f"{site.url}/run/hostile?lang=en")
    await visit.settled()
    shown = await page.locator(".sequence .line").all_inner_texts()
    assert shown[0].startswith("<img src=x onerror=alert(1)><script>alert(2)</script>")
    assert await page.locator("img").count() == 0
    assert await page.locator("h1").count() == 1
    assert await page.locator("main script, main style, main iframe").count() == 0
    assert await page.locator("a[href^='javascript']").count() == 0
    assert await page.locator(".turn").count() == 1
    await expect(page.locator(".answer")).to_contain_text("ValueError: <img src=x")
    await accessible(page)


@pytest.mark.parametrize("visit", [DESKTOP], indirect=True)
async def test_the_page_refuses_script_and_style_that_got_in_anyway(
    site: Site, visit: Visit
) -> None:
    page = visit.page
    await page.goto(f"{site.url}/explain/coroutine?lang=en")
    refused = await page.evaluate(
        """() => {
          const found = [];
          const attempt = (act) => {
            try { act(); found.push("allowed"); } catch (error) { found.push(error.name); }
          };
          attempt(() => { document.createElement("div").innerHTML = "<b>x</b>"; });
          attempt(() => { document.createElement("script").textContent = "alert(1)"; });
          attempt(() => trustedTypes.createPolicy("other", {}));
          const styled = document.createElement("p");
          styled.setAttribute("style", "position: fixed");
          document.body.append(styled);
          return [...found, getComputedStyle(styled).position];
        }"""
    )
    assert refused == ["TypeError", "TypeError", "TypeError", "static"]
    assert visit.complaints
    visit.complaints.clear()  # the browser's own report of what it refused


@pytest.mark.parametrize("visit", [DESKTOP], indirect=True)
async def test_everything_can_be_done_with_keys(site: Site, visit: Visit) -> None:
    page = visit.page
    await page.goto(f"{site.url}/?lang=en")
    await page.keyboard.press("Tab")
    await expect(page.locator(".skip")).to_be_focused()
    await page.focus("#ask")
    await page.keyboard.type("/predict sem")
    option = page.locator("#suggestions [role=option]").first
    await expect(option).to_contain_text("/predict semaphore")
    await page.keyboard.press("ArrowDown")
    await expect(page.locator("#ask")).to_have_attribute("aria-activedescendant", "suggestion-0")
    await accessible(page)
    await page.keyboard.press("Escape")
    await page.fill("#ask", "/predict ga")
    await expect(option).to_contain_text("/predict gather")
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")
    await visit.settled()
    lines = page.locator(".order li")
    second = await lines.nth(1).get_attribute("data-line")
    mover = lines.nth(1).locator("[data-move='-1']")
    await expect(mover).to_be_enabled()
    await mover.focus()
    await page.keyboard.press("Enter")
    await expect(lines.first).to_have_attribute("data-line", second or "")
    await expect(page.locator(".said")).to_contain_text("now at position 1 of 6")
    await page.locator(".pick input").first.focus()
    await page.keyboard.press("ArrowRight")
    await page.locator("form.quiz button.primary").focus()
    await page.keyboard.press("Enter")
    await expect(page.locator(".turn:last-child .asked")).to_be_focused()
    await visit.settled()
    await expect(page.locator(".turn:last-child .part > .scroll table")).to_be_visible()


@pytest.mark.parametrize("visit", [DESKTOP], indirect=True)
async def test_a_run_can_be_stopped(site: Site, visit: Visit) -> None:
    page = visit.page
    await page.goto(f"{site.url}/run/sync?lang=en")
    await expect(page.locator(".sequence li")).not_to_have_count(0)
    await page.click("button.stop")
    await expect(page.locator(".answer")).to_contain_text("Stopped the run.")
    await visit.type("/run gather")  # the learner's one place is free again
    await expect(page.locator(".turn:last-child .sequence li")).not_to_have_count(0)
    await page.click("button.stop")
    await expect(page.locator(".turn:last-child")).to_contain_text("Stopped the run.")
    await visit.settled()


async def test_without_a_script_one_can_read(site: Site, chromium: Path, tmp_path: Path) -> None:
    async with (
        launched(chromium, tmp_path, "--blink-settings=scriptEnabled=false") as browser,
        visiting(browser) as visit,
    ):
        page = visit.page
        await page.goto(f"{site.url}/explain/coroutine?lang=ko")
        await expect(page.locator(".answer h3")).to_have_text("코루틴")
        await page.locator(".course a").first.click()
        await expect(page.locator(".answer")).to_contain_text("비동기란 무엇인가")
        await page.fill("#ask", "/explain task")
        await page.click("button.send")
        assert page.url.endswith("/explain/task")
        await page.goto(f"{site.url}/run/gather")
        # `expect` passes over <noscript>, whether or not it shows
        read = await page.locator(".answer").inner_text()
    for told in ("자바스크립트가 필요합니다", "asyncio.gather", "sync_task_2 재시작", "약 3.0초"):
        assert told in read


@pytest.mark.parametrize("visit", [{**DESKTOP, "color_scheme": "light"}], indirect=True)
async def test_theme_and_language_are_remembered(site: Site, visit: Visit) -> None:
    page = visit.page
    await page.goto(f"{site.url}/explain/gather?lang=ko")
    ground = "getComputedStyle(document.body).backgroundColor"
    light = await page.evaluate(ground)
    await page.click("button.theme")
    dark = await page.evaluate(ground)
    assert light != dark
    await page.goto(f"{site.url}/explain/task")
    assert await page.evaluate(ground) == dark
    assert await page.get_attribute("html", "lang") == "ko"
    await page.click(".languages a[lang=en]")
    assert await page.get_attribute("html", "lang") == "en"
    assert page.url.endswith("/explain/task?lang=en")
    await accessible(page)


@pytest.mark.parametrize("visit", [DESKTOP], indirect=True)
async def test_an_author_s_edit_shows_at_once(own_site: Site, visit: Visit) -> None:
    site, page = own_site, visit.page
    await page.goto(f"{site.url}/explain/coroutine?lang=en")
    await expect(page.locator(".answer h3")).to_have_text("Coroutine")
    index = next(i for i, it in enumerate(site.lessons) if it.id == "await")
    lesson = site.lessons[index]
    concepts = tuple(
        it.model_copy(update={"title": it.title.model_copy(update={"en": "Coroutine, edited"})})
        if it.id == "coroutine"
        else it
        for it in lesson.concepts
    )
    title = lesson.title.model_copy(update={"en": "A new title"})
    site.lessons[index] = lesson.model_copy(update={"concepts": concepts, "title": title})
    site.playground.lessons_changed("another")
    await expect(page.locator(".answer h3")).to_have_text("Coroutine, edited")
    await expect(page.locator(".course")).to_contain_text("A new title")


@pytest.mark.parametrize("visit", [DESKTOP], indirect=True)
async def test_a_server_that_shuts_down_says_so(own_site: Site, visit: Visit) -> None:
    site, page = own_site, visit.page
    visit.unreachable = True
    await page.route(
        "**/pictures.js", lambda route: route.abort()
    )  # a server that ends is too late
    await page.goto(f"{site.url}/run/sync?lang=en")
    await expect(page.locator(".sequence li")).not_to_have_count(0)
    await site.playground.close()
    await expect(page.locator(".answer")).to_contain_text("The server is shutting down")
    assert await page.locator(".sequence li").count() >= 2
    await visit.type("/run gather")
    await expect(page.locator(".turn:last-child")).to_contain_text("The connection to the server")


@pytest.mark.parametrize("visit", [DESKTOP], indirect=True)
async def test_an_answer_is_whole_without_its_picture(site: Site, visit: Visit) -> None:
    page = visit.page
    visit.unreachable = True
    await page.route("**/pictures.js", lambda route: route.abort())
    await page.goto(f"{site.url}/run/coroutine_send?lang=en")
    await expect(page.locator(".measured")).to_be_visible()
    assert await page.locator(".sequence li").count() > 0
    await expect(page.locator(".answer > .note.error")).to_have_text(WebWords("en").pictureless)

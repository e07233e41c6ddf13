"""Exercises in the playground: solved, solved wrongly and left alone, in a real browser."""

from collections.abc import Awaitable, Callable
from functools import partial

import pytest
from playwright.async_api import Locator, expect

from bot.languages import LOCALES, Locale
from bot.lessons.exercise import Exercise
from bot.tutor.attempts import exemplar_attempt
from tests.e2e.web.conftest import Site, Visit
from tests.e2e.web.test_journey import JOURNEYS, accessible
from tests.held_up import held_up

pytestmark = pytest.mark.asyncio(loop_scope="session")

PASSED = {"en": "every goal is met", "ko": "모든 목표를 이루었습니다"}
NOT_YET = {"en": "Not yet", "ko": "아직입니다"}
HAND_IN = ".turn:last-child form.exercise button[type=submit]"


async def opened(site: Site, visit: Visit, name: str, locale: Locale) -> Exercise:
    await visit.page.goto(f"{site.url}/exercise/{name}?lang={locale}")
    return site.library().exercise(name)


async def again(visit: Visit, locale: Locale) -> None:
    """Ask for the task once more, below the answer."""
    await visit.choose({"en": "Try again", "ko": "다시 풀기"}[locale])
    await visit.settled()


async def hand_in(visit: Visit, locale: Locale, fill: Callable[[], Awaitable[None]]) -> Locator:
    """Fill a form and hand it in, and once more whenever that is asked for: its run was held up."""
    answer = visit.page.locator(".turn:last-child")
    while True:
        await fill()
        await visit.page.click(HAND_IN)
        await visit.settled()
        if not held_up(await answer.inner_text()):
            return answer
        await again(visit, locale)


@pytest.mark.parametrize(("visit", "locale"), JOURNEYS, indirect=["visit"])
async def test_code_is_repaired(site: Site, visit: Visit, locale: Locale) -> None:
    page = visit.page
    exercise = await opened(site, visit, "fetch_together", locale)
    await accessible(page)

    async def as_it_is() -> None:
        """Leave the starter."""

    async def solve() -> None:
        code = exemplar_attempt(exercise, locale).answer
        await page.fill(".turn:last-child form.exercise textarea", code)

    answer = await hand_in(visit, locale, as_it_is)
    await expect(answer).to_contain_text(NOT_YET[locale])
    await expect(answer).to_contain_text("gather")
    await again(visit, locale)
    answer = await hand_in(visit, locale, solve)
    await expect(answer).to_contain_text(PASSED[locale])
    assert await answer.locator(".picture").count() == 1
    await accessible(page)
    assert visit.complaints == []


@pytest.mark.parametrize(("visit", "locale"), JOURNEYS, indirect=["visit"])
async def test_blocks_are_chosen_and_put_in_order(site: Site, visit: Visit, locale: Locale) -> None:
    page = visit.page
    exercise = await opened(site, visit, "start_then_wait", locale)
    await accessible(page)
    wanted = [block.code for block in exercise.blocks if block.decoy is None]
    items = page.locator(".turn:last-child form.exercise ol.blocks > li")

    async def put_in_order() -> None:
        assert await items.count() == len(exercise.blocks)
        for place, code in enumerate(wanted):
            first_line = code.strip().splitlines()[0]
            block = items.filter(has_text=first_line)
            block = block.filter(has_not_text="await asyncio.create_task")
            await block.locator("[name=use]").check()
            while await items.nth(place).get_attribute("data-code") != code:
                await block.locator("[data-move='-1']").click()

    answer = await hand_in(visit, locale, put_in_order)
    await expect(answer).to_contain_text(PASSED[locale])
    assert visit.complaints == []


async def test_a_block_is_dragged_and_a_decoy_names_the_belief(site: Site, visit: Visit) -> None:
    page = visit.page
    await opened(site, visit, "start_then_wait", "en")
    blocks = page.locator(".turn:last-child form.exercise ol.blocks")
    items = blocks.locator("> li")

    async def drag_and_use_all() -> None:
        last = await items.last.get_attribute("data-code")
        # A drag ends where the page is scrolled, so the whole list is in sight first.
        await blocks.evaluate("it => it.scrollIntoView({block: 'center'})")
        await items.last.drag_to(items.first, target_position={"x": 20, "y": 4})
        assert await items.first.get_attribute("data-code") == last
        assert await items.first.locator("[name=use]").is_checked()
        for item in await items.all():
            await item.locator("[name=use]").check()

    answer = await hand_in(visit, "en", drag_and_use_all)
    await expect(answer).to_contain_text(NOT_YET["en"])
    await expect(answer).to_contain_text("A block too many")


@pytest.mark.parametrize("locale", LOCALES)
async def test_a_number_is_tuned_and_a_reason_chosen(
    site: Site, visit: Visit, locale: Locale
) -> None:
    page = visit.page
    await opened(site, visit, "at_most_two", locale)
    for number, said in (("1", NOT_YET), ("2", PASSED)):
        field = page.locator(".turn:last-child form.exercise input[type=number]")
        answer = await hand_in(visit, locale, partial(field.fill, number))
        await expect(answer).to_contain_text(said[locale])
        await again(visit, locale)
    exercise = await opened(site, visit, "two_sleeps", locale)
    for choice in exercise.choices:
        picked = page.locator(f".turn:last-child form.exercise input[value={choice.id}]")
        answer = await hand_in(visit, locale, partial(picked.check, force=True))
        tone = "good" if choice.id == exercise.exemplar else "warning"
        assert await answer.locator(f".note.{tone}").count() == 1
        await expect(answer).to_contain_text(choice.believes.text(locale))
        await again(visit, locale)


async def test_hints_come_one_at_a_time_and_end_in_the_exemplar(site: Site, visit: Visit) -> None:
    page = visit.page
    exercise = await opened(site, visit, "fetch_together", "en")
    for number, hint in enumerate(exercise.hints, start=1):
        await visit.choose(f"Hint {number} of {len(exercise.hints)}")
        await visit.settled()
        await expect(page.locator(".turn:last-child")).to_contain_text(hint.en)
    await visit.choose("Show the exemplar")
    await visit.settled()
    await expect(page.locator(".turn:last-child")).to_contain_text("asyncio.gather(")
    await visit.choose("Try again")
    await visit.settled()
    assert await page.locator(".turn:last-child form.exercise").count() == 1


async def test_a_lesson_and_a_run_lead_to_exercises(site: Site, visit: Visit) -> None:
    page = visit.page
    await page.goto(f"{site.url}/lessons/tasks?lang=en")
    await page.click(".turn:last-child .map a[href='/exercise/fetch_together']")
    await visit.settled()
    assert await page.locator("form.exercise textarea").count() == 1

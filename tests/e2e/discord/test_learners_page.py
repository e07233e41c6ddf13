import pytest

from bot.lessons.model import LOCALES, Locale
from tests.e2e.discord.learners_page import _BLOCK, PAGES, filled, shown


@pytest.mark.parametrize("locale", LOCALES)
async def test_the_learners_page_shows_what_the_bot_sends(locale: Locale) -> None:
    page = PAGES[locale].read_text()
    steps = await shown(locale)
    assert set(steps) == {found["name"] for found in _BLOCK.finditer(page)}
    assert page == filled(page, steps), "write it again: python -m tests.e2e.discord.learners_page"

"""Each finding leads on: to a concept that explains it, and a scenario that shows it."""

import pytest

from bot.lessons.model import LOCALES, Locale
from bot.timeline.findings.model import Finding
from bot.tutor.words import words
from bot.tutor.words.why import MORE
from tests.lessons.shipped import shipped_course


@pytest.mark.parametrize("kind", MORE)
@pytest.mark.parametrize("locale", LOCALES)
def test_a_finding_names_where_to_read_on(kind: str, locale: Locale) -> None:
    concept, scenario = MORE[kind]  # type: ignore[index]  # a key of it
    assert shipped_course().concept(concept).id == concept
    assert shipped_course().scenario(scenario).id == scenario
    fault = Finding(kind, 3, (1,), 0.5, names=("a", "b"), what="sleep", count=2, instead=0.2)  # type: ignore[arg-type]  # as above
    said = words(locale).why.sentence(fault)
    explain, run = {"ko": ("설명", "실행"), "en": ("explain", "run")}[locale]
    assert f"`/{explain} {concept}`" in said
    assert f"`/{run} {scenario}`" in said

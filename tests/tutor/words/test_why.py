"""Each finding leads on: to a concept that explains it, and a scenario that shows it."""

from pathlib import Path

import pytest

from bot.lessons.files.load import load_folders
from bot.lessons.library import Library
from bot.lessons.model import LOCALES, Locale
from bot.timeline.findings.model import Finding
from bot.tutor.words import words
from bot.tutor.words.why import MORE

LIBRARY = Library(load_folders([Path(__file__).parents[3] / "lessons"]).lessons)


@pytest.mark.parametrize("kind", MORE)
@pytest.mark.parametrize("locale", LOCALES)
def test_a_finding_names_where_to_read_on(kind: str, locale: Locale) -> None:
    concept, scenario = MORE[kind]  # type: ignore[index]  # a key of it
    assert LIBRARY.concept(concept).id == concept
    assert LIBRARY.scenario(scenario).id == scenario
    fault = Finding(kind, 3, (1,), 0.5, names=("a", "b"), what="sleep", count=2, instead=0.2)  # type: ignore[arg-type]  # as above
    said = words(locale).why.sentence(fault)
    explain, run = {"ko": ("설명", "실행"), "en": ("explain", "run")}[locale]
    assert f"`/{explain} {concept}`" in said
    assert f"`/{run} {scenario}`" in said

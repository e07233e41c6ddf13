"""Lessons in one language: valid, shown in it to everyone, and marked."""

import re
from pathlib import Path

import pytest

from bot.lessons.authoring.check import jobs_for
from bot.lessons.authoring.lint import lint
from bot.lessons.files.errors import LessonFileError
from bot.lessons.files.load import load_file, load_folders
from bot.lessons.library import Library
from bot.lessons.model import Locale, Localized
from bot.tutor.model import Compare, Explain, ListLessons, Note, Predict, Request, Run, Text
from tests.lessons.sample import SAMPLE
from tests.tutor.answers import answer, parts
from tests.tutor.conftest import MakeTutor, make_tutor

__all__ = ["make_tutor"]

KOREAN = re.sub(r"(?m)^ +en: (?!\|).*\n| +en: \|\n +An explanation\.\n", "", SAMPLE)
KOREAN = re.sub(r", en: [^}]*\}", "}", KOREAN)
ENGLISH = re.sub(r"(?m)^ +ko: (?!\|).*\n| +ko: \|\n +설명입니다\.\n", "", SAMPLE)
ENGLISH = re.sub(r"\{ko: [^,}]*, ", "{", ENGLISH)
ONE: dict[Locale, str] = {"ko": KOREAN, "en": ENGLISH}
OTHER: dict[Locale, Locale] = {"ko": "en", "en": "ko"}


@pytest.fixture
def library() -> Library:
    return Library(())


@pytest.mark.parametrize("locale", ONE)
def test_a_lesson_may_be_in_one_language(tmp_path: Path, locale: Locale) -> None:
    (tmp_path / "sample.yaml").write_text(ONE[locale], "utf-8")
    loaded = load_folders([tmp_path])
    assert loaded.errors == ()
    assert lint(loaded) == ()
    (lesson,) = loaded.lessons
    assert lesson.languages == (locale,)
    assert {job.locale for job in jobs_for(loaded.lessons)} == {locale}
    assert lesson.title.text(OTHER[locale]) == lesson.title.text(locale)


@pytest.mark.parametrize("locale", ONE)
def test_half_a_translation_names_what_is_missing(tmp_path: Path, locale: Locale) -> None:
    other = OTHER[locale]
    path = tmp_path / "sample.yaml"
    text = ONE[locale].replace("title: {", f"title: {{{other}: X, ", 1)
    path.write_text(text, "utf-8")
    with pytest.raises(LessonFileError) as caught:
        load_file(path)
    places = [it.path for it in caught.value.problems]
    assert f"summary.{other}" in places
    assert f"scenarios[0].phrases.hello.{other}" in places
    assert f"title.{other}" not in places
    assert all("text is missing" in it.what for it in caught.value.problems)


def test_a_text_in_no_language_is_none(tmp_path: Path) -> None:
    path = tmp_path / "sample.yaml"
    path.write_text(SAMPLE.replace("{ko: 표본, en: Sample}", "{}"), "utf-8")
    with pytest.raises(LessonFileError, match="no text in any language"):
        load_file(path)


def test_the_text_of_another_language_stands_in() -> None:
    assert Localized(en="only").text("ko") == "only"
    assert Localized(ko="하나").text("en") == "하나"
    assert Localized(ko="하나").given("en") == ""


@pytest.fixture(params=ONE)
def shelf(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Locale, Library]:
    """A course of one lesson, which is in one language."""
    locale: Locale = request.param
    (tmp_path / "sample.yaml").write_text(ONE[locale], "utf-8")
    return locale, Library(load_folders([tmp_path]).lessons)


@pytest.mark.parametrize(
    "request_", [ListLessons("sample"), Explain("idea"), Run("second"), Predict("first")]
)
async def test_what_is_shown_in_another_language_is_marked(
    shelf: tuple[Locale, Library], make_tutor: MakeTutor, request_: Request
) -> None:
    locale, library = shelf
    tutor = make_tutor(lessons=library)
    marks = {"ko": "아직 한국어로", "en": "not translated into English"}
    other = OTHER[locale]
    notes = [it.markdown for it in parts(await answer(tutor, request_, other), Note)]
    assert any(marks[other] in it for it in notes)
    notes = [it.markdown for it in parts(await answer(tutor, request_, locale), Note)]
    assert not any(marks[locale] in it for it in notes)


@pytest.mark.parametrize(
    "request_", [ListLessons(), ListLessons("sample"), Compare(("first", "second"))]
)
async def test_titles_in_lists_name_the_language_that_they_are_in(
    shelf: tuple[Locale, Library], make_tutor: MakeTutor, request_: Request
) -> None:
    locale, library = shelf
    tutor = make_tutor(lessons=library)
    name = {"ko": "(한국어)", "en": "(English)"}[locale]
    for asked_in in ONE:
        listed = [it.markdown for it in parts(await answer(tutor, request_, asked_in), Text)]
        assert any(name in it for it in listed) == (asked_in != locale)

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.lessons.model import LOCALES, Locale
from bot.runner.model import Event
from bot.timeline.layout import lay_out
from bot.timeline.model import Timeline
from bot.tutor.words.alt import ALT_LIMIT, alt_text
from bot.tutor.words.captions import captions
from tests.timeline.streams import NOTES, PROPERTY, Truth, forged, legal, many, recorded

HANGUL = re.compile(r"[가-힣]")


def run(events: list[Event], locale: Locale, title: str = "run") -> Timeline:
    return lay_out(events, title=title, captions=captions(locale))


@PROPERTY
@given(st.lists(legal, max_size=5), st.sampled_from(LOCALES))
def test_it_always_fits(truths: list[Truth], locale: Locale) -> None:
    timelines = [run(truth.events, locale, "제목" * 40) for truth in truths]
    assert len(alt_text(timelines, locale)) <= ALT_LIMIT


@PROPERTY
@given(forged, st.text(), st.sampled_from(LOCALES))
def test_forged_events_fit_too(events: list[Event], title: str, locale: Locale) -> None:
    said = alt_text([run(events, locale, title)], locale)
    assert 0 < len(said) <= ALT_LIMIT
    assert said.isprintable()


def test_it_says_what_the_picture_shows() -> None:
    said = alt_text([run(recorded("gather", "en"), "en", "gather")], "en")
    assert "gather" in said
    assert "Waits overlap: 5.0 s of waiting in 3.0 s." in said
    assert re.search(r"async_task_1: 0\.\d\d to 3\.\d\d s, waiting 3\.0 s on sleep\(3\)", said)
    assert "prints lines 1, 2, 6" in said


def test_it_says_so_in_korean() -> None:
    said = alt_text([run(recorded("sync", "ko"), "ko", "sync")], "ko")
    assert "대기가 하나씩 차례로 이어집니다." in said
    assert "3.0초 대기(sleep(3))" in said
    assert "번째 줄 출력" in said


def test_what_went_wrong_is_said() -> None:
    said = alt_text([run(many(3, blocks=0), "en")], "en")
    assert "blocks the event loop for 0.50 s" in said
    assert "ready but starved for 0.50 s" in said


def test_lanes_that_do_not_fit_are_counted() -> None:
    said = alt_text([run(many(200), "en")], "en")
    described = said.count("worker #")
    assert said.endswith(f"And {201 - 1 - described} more.")


@pytest.mark.parametrize("locale", LOCALES)
def test_every_run_of_a_comparison_is_told(locale: Locale) -> None:
    timelines = [run(recorded(name, locale), locale, name) for name in NOTES]
    said = alt_text(timelines, locale)
    assert all(name in said for name in NOTES)
    assert len(said.splitlines()) == len(NOTES)
    assert bool(HANGUL.search(said)) == (locale == "ko")


def test_nothing_needs_no_words() -> None:
    assert alt_text([], "en") == ""

import re
from collections import Counter
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode

from bot.runner.lane_events import LaneBorn
from bot.runner.model import Event, Line
from bot.timeline.drawing.svg import svg
from bot.timeline.layout import lay_out
from bot.timeline.model import Captions, Timeline
from bot.tutor.words.captions import captions
from tests.timeline.rounding import rounded
from tests.timeline.streams import CAPTIONS, NOTES, PROPERTY, Truth, forged, legal, many, recorded

SVG = "{http://www.w3.org/2000/svg}"


class SvgFile(SingleFileSnapshotExtension):
    """A snapshot that can be looked at in a browser."""

    file_extension = "svg"
    _write_mode = WriteMode.TEXT


def run(events: list[Event], words: Captions = CAPTIONS, title: str = "run") -> Timeline:
    return lay_out(events, title=title, captions=words)


def wrong_in(drawn: str) -> list[str]:
    """Return what an SVG holds that runs, fetches, or needs a laxer policy."""
    root = ET.fromstring(drawn)
    ids = [element.get("id") for element in root.iter() if element.get("id")]
    wrong = [f"{key} twice" for key, count in Counter(ids).items() if count > 1]
    wrong += [] if root.get("role") == "img" else ["it is no image"]
    for element in root.iter():
        if element.tag.removeprefix(SVG) not in {
            *("svg", "title", "desc", "defs", "pattern", "g", "rect", "path", "circle", "text"),
        }:
            wrong.append(element.tag)
        for attribute, value in element.attrib.items():
            refers = "url(" in value and not re.fullmatch(r"url\(#t[0-9a-f]+-[a-z]+\)", value)
            if refers or attribute.startswith("on") or attribute in {"style", "href", "src"}:
                wrong.append(f"{element.tag} {attribute}={value!r}")
    return wrong


@PROPERTY
@given(st.lists(legal, max_size=3))
def test_any_run_is_well_formed_and_safe(truths: list[Truth]) -> None:
    assert wrong_in(svg([run(truth.events) for truth in truths], CAPTIONS)) == []


@PROPERTY
@given(forged, st.text())
def test_forged_events_are_well_formed_and_safe_too(events: list[Event], title: str) -> None:
    assert wrong_in(svg([run(events, title=title)], CAPTIONS, description=title)) == []


def test_hostile_texts_are_only_text() -> None:
    evil = "</title><script>alert(1)</script>\"' onload='x' &amp; \x00\ud800]]>"
    events: list[Event] = [LaneBorn(0.0, 1, "task", evil, "", 0), Line(0.5, evil, lane=1)]
    drawn = svg([run(events, title=evil)], CAPTIONS, description=evil)
    assert wrong_in(drawn) == []
    assert "<script" not in drawn
    titles = [title.text or "" for title in ET.fromstring(drawn).iter(f"{SVG}title")]
    assert any("<script>alert(1)</script>" in title for title in titles)


def test_it_is_the_same_every_time_and_no_two_share_ids() -> None:
    one, other = run(many(3)), run(many(4))
    assert svg([one], CAPTIONS) == svg([one], CAPTIONS)
    ids = [set(re.findall(r'id="([^"]+)"', svg([each], CAPTIONS))) for each in (one, other)]
    assert ids[0].isdisjoint(ids[1])


def test_hovering_says_what_it_is() -> None:
    drawn = svg([run(recorded("gather", "en"))], captions("en"))
    titles = [title.text or "" for title in ET.fromstring(drawn).iter(f"{SVG}title")]
    assert any(title.startswith("waiting: sleep(3) · 3.0") for title in titles)
    assert any(re.match(r"6\. \+3\.\d{3} s async_task_1 resumed", title) for title in titles)


def test_it_is_labelled_for_those_who_do_not_see_it() -> None:
    root = ET.fromstring(svg([run(many(2))], CAPTIONS, description="two workers"))
    texts = {element.get("id"): element.text or "" for element in root.iter()}
    labels = [texts[name] for name in (root.get("aria-labelledby") or "").split()]
    assert labels == ["run 1.05 s", "two workers"]


def test_a_file_of_its_own_brings_its_ground() -> None:
    assert "<style>" in svg([run(many(2))], CAPTIONS, standalone=True)
    assert "<style>" not in svg([run(many(2))], CAPTIONS)


def test_many_events_make_no_larger_picture() -> None:
    events = [Line(index / 10_000, "x") for index in range(10_000)]
    assert len(svg([run(list(events))], CAPTIONS)) < 4_000_000


@pytest.mark.parametrize("name", NOTES)
def test_the_notes(name: str, snapshot: SnapshotAssertion) -> None:
    words = captions("ko")
    picture = rounded(run(recorded(name), words, name))
    drawn = svg([picture], words, standalone=True)
    assert drawn == snapshot(extension_class=SvgFile)

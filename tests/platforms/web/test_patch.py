"""Patches, applied one after the other, make the same page as the whole answer at once."""

import re

from hypothesis import given
from hypothesis import strategies as st

from bot.platforms.web.patch import Patches
from bot.platforms.web.render import HtmlRenderer
from bot.runner.model import Outcome
from bot.tutor.model import Code, Heading, Note, Part, Reply, Text
from bot.tutor.run_parts import Measured, Sequence, SequenceLine

words = st.text(max_size=12)
lines = st.lists(st.builds(SequenceLine, st.floats(0, 9), words, words), max_size=5).map(tuple)
parts: st.SearchStrategy[Part] = st.one_of(
    words.map(Heading),
    words.map(Text),
    words.map(Note),
    words.map(Code),
    lines.map(Sequence),
    st.builds(Measured, words, st.sampled_from(Outcome), st.floats(0, 9)),
)
replies = st.lists(st.lists(parts, max_size=4).map(lambda found: Reply(tuple(found))), max_size=5)


def apply(shown: list[str], patch: dict) -> list[str]:  # type: ignore[type-arg] # JSON
    shown = (shown + [""] * patch["count"])[: patch["count"]]
    for index, html in patch["set"]:
        shown[index] = html
    for index, html in patch["add"]:
        assert re.search("</ol></div>$", shown[index])
        shown[index] = shown[index].removesuffix("</ol></div>") + html + "</ol></div>"
    return shown


@given(replies)
def test_patches_add_up(updates: list[Reply]) -> None:
    renderer = HtmlRenderer("ko")
    patches = Patches(renderer)
    shown: list[str] = []
    for update in updates:
        shown = apply(shown, patches.patch(update))
        assert shown == [renderer.part(part) for part in update.parts]


def test_a_growing_sequence_sends_each_line_once() -> None:
    patches = Patches(HtmlRenderer("en"))
    sent = 0
    printed: tuple[SequenceLine, ...] = ()
    for count in range(500):
        printed = (*printed, SequenceLine(count / 10, "main", f"line {count}"))
        patch = patches.patch(Reply((Sequence(printed, running=True),), final=False))
        sent += sum(len(html) for _, html in (*patch["set"], *patch["add"]))
    assert sent < 500 * 250
    assert patches.patch(Reply((Sequence(printed),)))["add"] == []

"""Nothing that others wrote becomes markup."""

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.platforms.web.markup import Markdown, escaped, highlighted, is_https
from bot.text import visible

MARKUP = st.text(
    alphabet=st.one_of(st.sampled_from("<>&\"'/=`*_[]()!\\ \n#-:.~"), st.characters()), max_size=200
)
TAGS = {"p", "strong", "em", "code", "pre", "ul", "ol", "li", "a", "br", "hr", "blockquote"}
TAGS |= {"div", "span"}
ATTRIBUTES = {"href", "rel", "target", "class", "tabindex", "title", "start", "data-ask"}


class Tags(HTMLParser):
    """Collects every tag with its attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


def tags(html: str) -> list[tuple[str, dict[str, str | None]]]:
    parser = Tags()
    parser.feed(html)
    parser.close()
    return parser.found


@given(MARKUP)
def test_plain_text_holds_no_tag_and_cannot_leave_an_attribute(text: str) -> None:
    html = escaped(text)
    assert not set("<>\"'") & set(html)
    assert tags(f'<b title="{html}">{html}</b>') == [("b", {"title": visible.block(text)})]


@given(MARKUP)
def test_markdown_makes_only_harmless_tags(text: str) -> None:
    markdown = Markdown()
    for tag, attributes in tags(markdown.blocks(text)) + tags(markdown.inline(text)):
        assert tag in TAGS
        assert set(attributes) <= ATTRIBUTES
        if "data-ask" in attributes:
            assert re.match("/[a-z]+", attributes["href"] or "")
        elif tag == "a":
            assert is_https(attributes["href"] or "")
            assert attributes["rel"] == "noopener noreferrer"


@given(MARKUP, st.sampled_from(["python", "pytb", "pycon", "text", "<script>", ""]))
def test_highlighting_keeps_the_text_and_adds_classes_only(code: str, language: str) -> None:
    parser = Tags()
    parser.feed(highlighted(code, language))
    parser.close()
    assert {(tag, *attributes) for tag, attributes in parser.found} <= {("span", "class")}
    # an HTML parser reads \r as \n, as browsers do
    assert parser.text.replace("\r", "\n") == visible.block(code).replace("\r", "\n")


def test_very_long_code_is_shown_without_colours() -> None:
    assert "<span" not in highlighted("x = 1\n" * 10_000, "python")


@pytest.mark.parametrize(
    "text",
    ["\x00", "\x1b[2J", "a\u202eb", "\u2066", "\x7f", "\x9b31m", "\ud800", "\u200f"],
)
def test_what_would_hide_or_turn_a_line_around_is_made_visible(text: str) -> None:
    shown = visible.block(text)
    assert not re.search(
        "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]", shown
    )
    shown.encode()


@pytest.mark.parametrize(
    ("url", "wanted"),
    [
        ("https://docs.python.org/3/", True),
        ("http://docs.python.org/", False),
        ("javascript:alert(1)", False),
        ("JaVaScRiPt:alert(1)", False),
        ("data:text/html,x", False),
        ("//evil.example", False),
        ("https://x\nonerror", False),
    ],
)
def test_links_lead_to_https_only(url: str, *, wanted: bool) -> None:
    assert is_https(url) is wanted
    assert not is_https('https://x" onclick="')
    assert ("href" in Markdown().inline(f"[here](<{url}>)")) is wanted

"""A language's file: what it may hold, and what is said of one that cannot be used."""

import ast
from pathlib import Path

import pytest

from bot.errors import LanguageError
from bot.languages import LOCALES, Wording, english_name, locales, own_name, say, translated
from bot.languages.files import read_languages
from tests.commands import ROOT

HEAD = "name: 日本語\nenglish: Japanese\n"


def test_a_file_gives_a_language_its_sentences(tmp_path: Path) -> None:
    text = (
        HEAD
        + 'sentences:\n  "Stop": "停止"\n  "It ended after {time}.": "{time}で終了"\n  "Go": ""\n'
    )
    (tmp_path / "ja.yaml").write_text(text, "utf-8")
    (language,) = read_languages(tmp_path).values()
    assert (language.name, language.english) == ("日本語", "Japanese")
    assert language.sentences == {"Stop": "停止", "It ended after {time}.": "{time}で終了"}


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("ja.yaml", "name: x\n", "name and english must be there"),
        ("ja.yaml", "[", "cannot be read as YAML"),
        ("ja.yaml", HEAD + "words: {}\n", "no others"),
        ("ja.yaml", HEAD + "sentences: [a]\n", "English: translation"),
        ("ja.yaml", HEAD + "sentences: {a: 3}\n", "put it in quotes"),
        ("ja.yaml", HEAD + 'sentences: {"{a}": "{b}"}\n', "no value {b}"),
        ("ja.yaml", HEAD + 'sentences: {"{a}": "{a.__class__}"}\n', "not a plain name"),
        ("ja.yaml", HEAD + 'sentences: {"{a}": "{a!r}"}\n', "not a plain name"),
        ("ja.yaml", HEAD + 'sentences: {"{a}": "{a:>99999999}"}\n', "not a plain name"),
        ("ja.yaml", HEAD + 'sentences: {"{a}": "{"}\n', "as English does"),
        ("Japanese 1.yaml", HEAD, "as ja.yaml"),
    ],
)
def test_a_file_that_cannot_be_used_is_named(
    tmp_path: Path, name: str, text: str, said: str
) -> None:
    (tmp_path / name).write_text(text, "utf-8")
    with pytest.raises(LanguageError) as caught:
        read_languages(tmp_path)
    assert str(tmp_path / name) in str(caught.value)
    assert said in str(caught.value)


def test_the_code_speaks_korean_and_english() -> None:
    assert locales() == LOCALES
    assert [own_name(it) for it in LOCALES] == ["한국어", "English"]
    assert [english_name(it) for it in LOCALES] == ["Korean", "English"]
    assert Wording(en="a", ko="가").texts() == ("가", "a")


def test_a_language_that_has_no_file_is_english() -> None:
    assert translated("Stop", "xx") == "Stop"
    assert say("xx", ko="가", en="a {b}", values={"b": "{c}"}) == "a {c}"
    assert say("ko", ko="{가}", en="") == "{가}"


def test_sentences_are_written_out_for_translators_to_find() -> None:
    """A sentence that is put together before it is said has no translation."""
    strange = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in (ROOT / "bot").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call)
        for keywords in [{it.arg: it.value for it in node.keywords}]
        if keywords.keys() >= {"ko", "en"} and isinstance(keywords["en"], ast.JoinedStr)
    ]
    assert strange == []

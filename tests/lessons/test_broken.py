"""A hundred kinds of broken lesson: each error has its place, its field, and a way out.

In each case a part of the sample lesson is replaced. `⌖` marks where the error must point to.
"""

from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.lessons.files.errors import LessonFileError
from bot.lessons.files.load import load_file
from tests.lessons.sample import SAMPLE

MARK = "⌖"


@dataclass(frozen=True)
class Case:
    old: str
    new: str
    path: str
    what: str
    """Part of what is said to be wrong, with what was found."""
    hint: str
    """Part of what is accepted, or of what to do."""

    def text(self) -> str:
        """The broken lesson, with the mark in it."""
        assert SAMPLE.count(self.old) >= 1, self.old
        assert self.new.count(MARK) == 1, self.new
        return SAMPLE.replace(self.old, self.new, 1)


ID = "id: sample\norder: 10\n"
TITLE = "title: {ko: 표본, en: Sample}\n"
SUMMARY = "summary: {ko: 표본입니다., en: A sample.}\n"
CONCEPT = "  - id: idea\n"
SINCE = '    since: "3.5"\n'
URL = "        url: https://docs.python.org/3/\n"
NEXT = "    next: [first]\n"
FIRST = "  - id: first\n"
CODE = '      print("<<hello>>")\n      time.sleep(1)\n'
HELLO = "      hello: {ko: 안녕, en: Hello}\n"
OUTCOME = "      outcome: ok\n"
LINES = "      lines:\n        - <<hello>>\n        - any_order:\n"
L = "concepts[0].links[0].url"
GROUP = "            - matches: number \\d\n            - <<bye>>\n"
PAIR = "        - {first: <<hello>>, then: <<bye>>}\n"
ABOUT = "        about: 1.0\n"
ELAPSED = "      elapsed:\n        about: 1.0\n        tolerance: 0.3\n"
VERSION = '        - python: "<3.12"\n          outcome: error\n'
BECAUSE = "    because: {ko: 까닭입니다., en: Because.}\n    counterpart: second\n"
LIMITS = "    limits: {wall_seconds: 5, threads: 4}\n"
SECOND = "  - id: second\n"
LINK = "      - title: {ko: 문서, en: Docs}\n" + URL
FIRST_SUMMARY = """\
  - id: first
    title: {ko: 첫째, en: First}
    aliases: [하나]
    summary: {ko: 시험입니다., en: A trial.}
"""
FIRST_BROKEN = """\
  - ⌖id: first
    title: {ko: 첫째, en: First}
    aliases: [하나]
"""
SECOND_ALL = """\
  - id: second
    title: {ko: 둘째, en: Second}
    summary: {ko: 시험입니다., en: A trial.}
    code: "x = 1"
    expect: {}
"""
SECOND_BROKEN = SECOND_ALL.replace("    expect: {}\n", "").replace("- id", "- ⌖id")
COMPARED = "  - scenarios: [first, second]\n"
C, S, E = "concepts[0]", "scenarios[0]", "scenarios[0].expect"

UNKNOWN_FIELDS = [
    Case(ID, ID + "⌖titel: x\n", "titel", 'no field "titel"', 'mean "title"?'),
    Case("    belief:", "    ⌖believe:", f"{C}.believe", "no field", 'mean "belief"?'),
    Case("    pitfalls:", "    ⌖pitfall:", f"{C}.pitfall", "no field", 'mean "pitfalls"?'),
    Case("        url:", "        ⌖href:", f"{C}.links[0].href", "no field", "title, url"),
    Case("    because:", "    ⌖becuase:", f"{S}.becuase", "no field", 'mean "because"?'),
    Case("      elapsed:", "      ⌖elasped:", f"{E}.elasped", "no field", 'mean "elapsed"?'),
    Case("  about:", "  ⌖abuot:", f"{E}.elapsed.abuot", "no field", 'mean "about"?'),
    Case("- any_order:", "- ⌖anyorder:", f"{E}.lines[1].anyorder", "no field", "matches"),
    Case("matches:", "⌖match:", f"{E}.lines[1].any_order[0].match", "no field", 'mean "matches"?'),
    Case("{first:", "{⌖frist:", f"{E}.before[0].frist", "no field", 'mean "first"?'),
    Case("- python:", "- ⌖pyhton:", f"{E}.versions[0].pyhton", "no field", 'mean "python"?'),
    Case("{wall_", "{⌖wal_", f"{S}.limits.wal_seconds", "no field", 'mean "wall_seconds"?'),
    Case("ko: 표본, en", "⌖kr: 표본, en", "title.kr", "no language", 'mean "ko"?'),
    Case("    why:", "    ⌖whi:", "comparisons[0].whi", "no field", 'mean "why"?'),
    Case("requires: []", "⌖<<: {a: b}", "<<", "no field", "accepted: id, order"),
    Case("requires: []", "⌖12: x", "12", "no field", "Remove it"),
    Case("requires: []", "⌖on: x", "on", 'no field "on"', "accepted: id, order"),
]

MISSING = [
    Case(ID, "⌖order: 10\n", "id", 'the field "id" is missing', "Add `id: …`"),
    Case(ID, "⌖id: sample\n", "order", "missing", "Where the chapter stands"),
    Case(ID + TITLE, "⌖" + ID, "title", "missing", "Add `title: …`"),
    Case(CONCEPT, "  - ⌖aliases: []\n", f"{C}.id", "missing", "`/explain` takes"),
    Case(FIRST_SUMMARY, FIRST_BROKEN, f"{S}.summary", "missing", "Add `summary: …`"),
    Case(SECOND_ALL, SECOND_BROKEN, "scenarios[1].expect", "missing", "What a run must do"),
    Case(ABOUT + "        ", "        ⌖", f"{E}.elapsed.about", "missing", "about, tolerance"),
    Case(
        PAIR,
        "        - ⌖{first: <<hello>>}\n",
        f"{E}.before[0].then",
        "missing",
        "The line that comes after",
    ),
    Case(
        LINK,
        "      - ⌖title: {ko: 문서, en: Docs}\n",
        f"{C}.links[0].url",
        "missing",
        "Its address; https only",
    ),
    Case(VERSION, "        - ⌖outcome: error\n", f"{E}.versions[0].python", "missing", "<3.12"),
    Case(TITLE, "title: ⌖{ko: 표본}\n", "title.en", "English text is missing", "Add `en: …`"),
    Case(TITLE, "title: ⌖{en: Sample}\n", "title.ko", "Korean text is missing", "Add `ko: …`"),
    Case(
        "      ko: 생각\n      en",
        "      ⌖en",
        f"{C}.title.ko",
        "Korean text is missing",
        "ko and en",
    ),
    Case(HELLO, "      hello: ⌖{ko: 안녕}\n", f"{S}.phrases.hello.en", "English text", "Add `en"),
    Case(
        "    belief: {ko: 믿음, en: A belief.}",
        "    belief: ⌖{ko: 믿음}",
        f"{C}.belief.en",
        "English text is missing",
        "Add `en: …`",
    ),
]

WRONG_TYPES = [
    Case("id: sample", "id: ⌖12", "id", "found the number 12", 'quotes: "12"'),
    Case("id: sample", "id: ⌖true", "id", "found the truth value true", 'quotes: "true"'),
    Case("id: sample", "id: ⌖[a]", "id", "found a list", "Write the one item"),
    Case("id: sample", "id: ⌖{a: b}", "id", "found fields", "accepted: text"),
    Case("id: sample", "id:⌖", "id", "found nothing", "Write the value"),
    Case("order: 10", 'order: ⌖"10"', "order", 'the text "10"', "without quotes"),
    Case("order: 10", "order: ⌖ten", "order", 'the text "ten"', "a whole number"),
    Case("order: 10", "order: ⌖10.5", "order", "the number 10.5", "a whole number"),
    Case("order: 10", "order: ⌖1_000", "order", 'the text "1_000"', "a whole number"),
    Case("order: 10", "order: ⌖1:30", "order", 'the text "1:30"', "a whole number"),
    Case("order: 10", "order: ⌖2024-01-31", "order", 'the text "2024-01-31"', "a whole number"),
    Case("order: 10", "order: ⌖[10]", "order", "found a list", "Write the one item"),
    Case(TITLE, "title: ⌖Sample\n", "title", 'the text "Sample"', "Write `ko: …` and `en: …`"),
    Case(TITLE, "title: ⌖[표본, Sample]\n", "title", "found a list", "fields: ko, en"),
    Case(TITLE, "title: {ko: ⌖3.10, en: x}\n", "title.ko", "number 3.10", 'quotes: "3.10"'),
    Case("aliases: [표본 수업]", "aliases: ⌖표본", "aliases", 'the text "표본"', "Write [표본]."),
    Case("aliases: [표본 수업]", "aliases: [⌖7]", "aliases[0]", "the number 7", 'quotes: "7"'),
    Case("aliases: [표본 수업]", "aliases: [⌖{a: b}]", "aliases[0]", "found fields", "text"),
    Case("requires: []", "requires:\n  ⌖a: b", "requires", "found fields", "Begin each item"),
    Case('since: "3.5"', "since: ⌖3.10", f"{C}.since", "the number 3.10", 'quotes: "3.10"'),
    Case("outcome: ok", "outcome: ⌖yes", f"{E}.outcome", 'the text "yes"', "ok, error, timeout"),
    Case("complete: true", "complete: ⌖yes", f"{E}.complete", 'the text "yes"', "true or false"),
    Case("complete: true", "complete: ⌖no", f"{E}.complete", 'the text "no"', "true or false"),
    Case("complete: true", "complete: ⌖1", f"{E}.complete", "the number 1", "true or false"),
    Case("about: 1.0", "about: ⌖1s", f"{E}.elapsed.about", 'the text "1s"', "quotes or units"),
    Case("about: 1.0", "about: ⌖.nan", f"{E}.elapsed.about", "the number .nan", "at most 60"),
    Case(ELAPSED, "      elapsed: ⌖1.0\n", f"{E}.elapsed", "number 1.0", "fields: about, tol"),
    Case("- <<hello>>\n        -", "- ⌖5\n        -", f"{E}.lines[0]", "number 5", "line of text"),
    Case("- <<hello>>\n        -", "- ⌖[a]\n        -", f"{E}.lines[0]", "a list", "any_order"),
    Case("first: <<hello>>", "first: ⌖null", f"{E}.before[0].first", "nothing", "line of text"),
    Case("first: <<hello>>", "first: ⌖false", f"{E}.before[0].first", "value false", "matches"),
    Case("{wall_seconds: 5", "{wall_seconds: ⌖soon", f"{S}.limits.wall_seconds", "soon", "number"),
    Case("limits: {wall_seconds: 5, threads: 4}", "limits: ⌖low", f"{S}.limits", "low", "threads"),
    Case(HELLO, "      hello: ⌖Hello\n", f"{S}.phrases.hello", "Hello", "Write `ko: …`"),
    Case("    expect: {}", "    expect: ⌖[]", "scenarios[1].expect", "a list", "fields: outcome"),
    Case("    expect: {}", "    expect:⌖", "scenarios[1].expect", "nothing", "Write the value"),
    Case('    code: "x = 1"', "    code: ⌖1", "scenarios[1].code", "number 1", 'quotes: "1"'),
    Case(
        COMPARED, "  - ⌖first\n  - scenarios: [first, second]\n", "comparisons[0]", "first", "why"
    ),
]

WRONG_VALUES = [
    Case("id: sample", "id: ⌖Sample", "id", 'the text "Sample"', "Write sample."),
    Case("id: sample", "id: ⌖my-lesson", "id", '"my-lesson"', "Write my_lesson."),
    Case("id: sample", "id: ⌖1st", "id", '"1st"', "Begin it with a letter"),
    Case("id: sample", "id: ⌖표본", "id", '"표본"', "lower-case letters"),
    Case("id: sample", f"id: ⌖{'a' * 33}", "id", "aaa", "at most 32"),
    Case("order: 10", "order: ⌖-1", "order", "the number -1", "at least 0"),
    Case("order: 10", "order: ⌖100001", "order", "the number 100001", "at most 100000"),
    Case(TITLE, 'title: {ko: ⌖"", en: x}\n', "title.ko", 'the text ""', "not blank"),
    Case(TITLE, 'title: {ko: ⌖"  ", en: x}\n', "title.ko", "the text", "not blank"),
    Case(TITLE, f"title: {{ko: x, en: ⌖{'x' * 81}}}\n", "title.en", "81 characters", "at most 80"),
    Case(TITLE, 'title: {ko: ⌖"a\\nb", en: x}\n', "title.ko", "several lines", "a single line"),
    Case(SUMMARY, f"summary: {{ko: ⌖{'가' * 301}, en: x}}\n", "summary.ko", "301", "at most 300"),
    Case("aliases: [표본 수업]", 'aliases: [⌖""]', "aliases[0]", "0 characters", "at least 1"),
    Case("[표본 수업]", f"[⌖{'a' * 41}]", "aliases[0]", "41 characters", "at most 40"),
    Case('since: "3.5"', 'since: ⌖"2.7"', f"{C}.since", '"2.7"', 'such as "3.11"'),
    Case('since: "3.5"', "since: ⌖3.5.1", f"{C}.since", '"3.5.1"', "first two numbers"),
    Case("url: https:", "url: ⌖http:", f"{C}.links[0].url", '"http://docs', "Begin it with https"),
    Case("url: https:", "url: ⌖javascript:", f"{C}.links[0].url", '"javascript', "https://"),
    Case("outcome: ok", "outcome: ⌖timout", f"{E}.outcome", '"timout"', 'mean "timeout"?'),
    Case("outcome: ok", "outcome: ⌖OK", f"{E}.outcome", '"OK"', "accepted: ok, error"),
    Case("outcome: ok", "outcome: ⌖refused", f"{E}.outcome", "never a scenario", "accepted: ok"),
    Case("about: 1.0", "about: ⌖-1", f"{E}.elapsed.about", "number -1", "at least 0"),
    Case("about: 1.0", "about: ⌖61", f"{E}.elapsed.about", "number 61", "at most 60"),
    Case("about: 1.0", "about: ⌖.inf", f"{E}.elapsed.about", "number .inf", "at most 60"),
    Case("tolerance: 0.3", "tolerance: ⌖0", f"{E}.elapsed.tolerance", "number 0", "more than 0"),
    Case('"<3.12"', '⌖"3.12"', f"{E}.versions[0].python", '"3.12"', '"<3.12"'),
    Case("error: ValueError", "error: ⌖a b", f"{E}.versions[0].error", '"a b"', "class"),
    Case(OUTCOME, OUTCOME + "      error: ⌖KeyError\n", f"{E}.error", "outcome", "outcome: error"),
    Case("threads: 4", "threads: ⌖0", f"{S}.limits.threads", "number 0", "at least 1"),
    Case(COMPARED, "  - scenarios: ⌖[first]\n", "comparisons[0].scenarios", "1 item", "at least 2"),
    Case(
        COMPARED, "  - scenarios: ⌖[a, b, c, d, e, f]\n", "comparisons[0].scenarios", "6", "most 5"
    ),
    Case(COMPARED, "  - scenarios: ⌖[first, first]\n", "comparisons[0].scenarios", "twice", "once"),
    Case(GROUP, "            ⌖- <<bye>>\n", f"{E}.lines[1].any_order", "1 item", "at least 2"),
    Case("      hello:", "      ⌖Hello:", f"{S}.phrases.Hello", '"Hello"', "Write hello."),
    Case(SECOND, "  - id: ⌖first\n", "scenarios[1].id", "used twice", "line"),
]

MEANING = [
    Case('print("<<bye>>")', 'print("⌖<<bey>>")', f"{S}.code", 'no phrase "bey"', 'mean "bye"?'),
    Case(
        'print("<<hello>>")',
        "print(1 ⌖<<hello>> 2)",
        f"{S}.code",
        "outside a string",
        '"<<hello>>"',
    ),
    Case("time.sleep(1)", "time.sleep⌖(1", f"{S}.code", "never closed", "Correct this line"),
    Case("import time", "import⌖", f"{S}.code", "not Python", "Correct this line"),
    Case(
        "      time.sleep(1)", "       ⌖ time.sleep(1)", f"{S}.code", "unexpected indent", "Python"
    ),
    Case("time.sleep(1)", "⌖await x()", f"{S}.code", "outside function", "Correct this line"),
    Case('print("number 7")', 'print(⌖"\\d")', f"{S}.code", "invalid escape", "Correct this line"),
    Case('code: "x = 1"', 'code: ⌖"x ="', "scenarios[1].code", "not Python", "Write `code: |`"),
    Case("code: |\n", "code: ⌖>\n", f"{S}.code", "not Python", "Write `code: |`"),
    Case(
        HELLO,
        HELLO + "      ⌖spare: {ko: a, en: b}\n",
        f"{S}.phrases.spare",
        "not used",
        "<<spare>>",
    ),
    Case(
        HELLO, "      hello: {ko: 안녕, en: ⌖don't}\n", f"{S}.phrases.hello.en", "holds", "quotes"
    ),
    Case(
        HELLO,
        "      hello: {ko: ⌖'a\\b', en: x}\n",
        f"{S}.phrases.hello.ko",
        "holds",
        "backslashes",
    ),
    Case(HELLO, "      hello: {ko: ⌖'{x}', en: x}\n", f"{S}.phrases.hello.ko", "holds", "braces"),
    Case(HELLO, '      hello: {ko: ⌖"a\\nb", en: x}\n', f"{S}.phrases.hello.ko", "holds", "breaks"),
    Case("- <<hello>>\n", "- ⌖<<helo>>\n", f"{E}.lines[0]", 'no phrase "helo"', 'mean "hello"?'),
    Case("then: <<bye>>", "then: ⌖<<by>>", f"{E}.before[0].then", "no phrase", 'mean "bye"?'),
    Case("number \\d", "⌖number (", f"{E}.lines[1].any_order[0].matches", "regular", "backslash"),
    Case("number \\d", "⌖<<numbr>> x", f"{E}.lines[1].any_order[0].matches", "no phrase", "hello"),
]

NOT_PLAIN_YAML = [
    Case(
        TITLE, TITLE + "⌖title: {ko: a, en: b}\n", "title", "given twice, first in line 4", "once"
    ),
    Case(HELLO, HELLO + "      ⌖hello: x\n", f"{S}.phrases.hello", "first in line 40", "Remove"),
    Case("aliases: [표본 수업]", "aliases: &a [x]\nrequires: ⌖*a", "", "an alias", "no anchors"),
    Case("requires: []", "requires: ⌖*nothing", "", "alias", "no anchors"),
    Case("id: sample", "id: ⌖!!python/object/apply:os.system [ls]", "id", "tag", "Remove the tag"),
    Case("id: sample", "id: ⌖!mine sample", "id", 'the tag "!mine"', "Remove the tag"),
    Case("order: 10", 'order: ⌖!!int "10"', "order", 'the tag "!!int"', "Remove the tag"),
    Case("id: sample", "id: ⌖!!binary aGk=", "id", "!!binary", "Remove the tag"),
    Case("requires: []", "? ⌖[a]\n: b", "", "found a list", "a name"),
    Case(TITLE, "title: {ko: 표본⌖: x, en: y}\n", "", "not YAML", "Close the bracket"),
    Case(TITLE, 'title: {ko: "⌖\\q", en: y}\n', "", "not YAML", "Write a backslash as two"),
    Case(
        TITLE, 'title: {ko: "표본" ⌖x, en: y}\n', "", "words follow", "the whole text into quotes"
    ),
    Case("url: https://docs.python.org/3/", "url: ⌖https://docs.python.org/3/a b", L, "a b", "%20"),
    Case("url: https://docs.python.org/3/", 'url: ⌖https://docs.python.org/"', L, '"', "%22"),
    Case("url: https://docs.python.org/3/", "url: ⌖http://docs.python.org", L, "http", "Begin it"),
    Case(TITLE, "title:⌖\n", "title", "found nothing", "nothing goes without it"),
    Case("id: sample", 'id: "sample" ⌖one', "", "not YAML", "the whole text into quotes"),
    Case("id: sample\n", "id: sample\n⌖oops\n", "", "not YAML", "Write `name: value`"),
    Case("en: A sample.}", 'en: ⌖"\\0"}', "summary.en", "U+0000 cannot be seen", "Remove it"),
    Case("en: A sample.}", "en: ⌖a\u202eb}", "summary.en", "U+202E cannot be seen", "Remove it"),
    Case("en: A sample.}", "en: a⌖\x1bb}", "", "control character U+001B", "Remove it"),
    Case("en: A sample.}", "en: a⌖\x00b}", "", "control character U+0000", "Remove it"),
    Case("comparisons:", "⌖---\ncomparisons:", "", "second document", "file of its own"),
    Case("order: 10", "order: ⌖@x", "", "not YAML", "into quotes"),
    Case("order: 10", "order: 1⌖: 2", "", "not YAML", "quotes"),
    Case("order: 10\n", "⌖\torder: 10\n", "", "a tab", "Replace tabs with spaces"),
    Case(
        "requires: []",
        "requires: " + "[" * 22 + "⌖" + "[" * 100,
        "",
        "more than 24 deep",
        "indentation",
    ),
]

CASES = [*UNKNOWN_FIELDS, *MISSING, *WRONG_TYPES, *WRONG_VALUES, *MEANING, *NOT_PLAIN_YAML]


def test_there_are_a_hundred_kinds() -> None:
    assert len({(case.path, case.new) for case in CASES}) >= 100


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.new.strip()[:40])
def test_a_broken_lesson_says_where_and_what(case: Case, tmp_path: Path) -> None:
    marked = case.text()
    before = marked[: marked.index(MARK)]
    place = before.count("\n") + 1, len(before) - before.rfind("\n")
    path = tmp_path / "broken.yaml"
    path.write_text(marked.replace(MARK, ""))

    with pytest.raises(LessonFileError) as caught:
        load_file(path)

    problems = caught.value.problems
    found = next((it for it in problems if it.path == case.path), problems[0])
    said = str(found)
    assert (found.line, found.column) == place, said
    assert found.path == case.path, said
    assert case.what in found.what, said
    assert case.hint in f"accepted: {found.accepted}. {found.hint}", said
    assert found.hint.endswith((".", "?")), said
    assert said.startswith(f"{path}:{place[0]}:{place[1]}: "), said
    assert len(caught.value.problems) == len(str(caught.value).split("\n"))


def test_the_sample_itself_is_right(tmp_path: Path) -> None:
    path = tmp_path / "sample.yaml"
    path.write_text(SAMPLE)
    assert load_file(path).id == "sample"

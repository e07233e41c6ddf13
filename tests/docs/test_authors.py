"""The authors' guide: what it shows is what happens, and both languages show the same."""

import json
import re
import shlex
from fnmatch import fnmatch
from pathlib import Path

import click
import pytest
import yaml

from bot.cli.lessons import lessons
from bot.cli.lessons_check import check
from bot.lessons.authoring.schema import lesson_schema
from bot.lessons.authoring.template import lesson_text
from bot.lessons.files.errors import LessonFileError
from bot.lessons.files.load import load_file, read_entry, unite
from bot.lessons.model import LOCALES, Locale
from bot.runner.model import Limits
from tests.docs.pages import ROOT, page

PAGES: dict[Locale, str] = {
    locale: page("authors", locale).read_text("utf-8") for locale in LOCALES
}
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
HEADING = re.compile(r"^(#+) (.+)$", re.MULTILINE)
EXAMPLE = "폴링과 이벤트", "Polling and events"
# For each error that the guide shows: what an author wrote instead of what.
SLIPS = {
    "sumary": ("summary:", "sumary:"),
    "since": ('since: "3.7"', "since: 3.7"),
    "mapping values": ("en: One sentence", "en: In short: one sentence"),
    "tab": ("  ko: 이 강의", "\tko: 이 강의"),
    "because": (
        "      en: The two waits overlap, so it ends with the longer one, after 0.4 seconds.\n",
        "",
    ),
    "poling": ("next: [polling]", "next: [poling]"),
    "not Python": ("await asyncio.sleep(seconds)", "await asyncio.sleep(seconds"),
}


def without_code(text: str) -> str:
    return BLOCK.sub("", text)


def marked(text: str, mark: str) -> str:
    """The block after a comment."""
    found = BLOCK.search(text, text.index(f"<!-- {mark} -->"))
    assert found
    return found[2]


def new_lesson() -> str:
    return lesson_text("polling", order=1500, title_ko=EXAMPLE[0], title_en=EXAMPLE[1])


def test_both_languages_show_the_same_code() -> None:
    blocks = {locale: BLOCK.findall(text) for locale, text in PAGES.items()}
    assert blocks["ko"] == blocks["en"]


def test_both_languages_have_the_same_parts() -> None:
    shapes = {
        locale: [
            (len(level), title if level == "###" else "")
            for level, title in HEADING.findall(without_code(text))
        ]
        for locale, text in PAGES.items()
    }
    assert shapes["ko"] == shapes["en"]
    rows = {
        locale: [line.count("|") for line in text.splitlines() if line.startswith("|")]
        for locale, text in PAGES.items()
    }
    assert rows["ko"] == rows["en"]


@pytest.mark.parametrize("locale", LOCALES)
def test_links_lead_somewhere(locale: Locale) -> None:
    text = without_code(PAGES[locale])
    # As GitHub makes them: lower case, punctuation dropped, spaces to hyphens.
    anchors = {
        re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")
        for _, title in HEADING.findall(text)
    }
    targets = re.findall(r"\]\(([^)]+)\)", text)
    assert targets
    for target in targets:
        if target.startswith("#"):
            assert target[1:] in anchors
        elif not target.startswith("https://"):
            assert (ROOT / "docs" / target).exists(), target


@pytest.mark.parametrize("locale", LOCALES)
def test_commands_and_options_exist(locale: Locale) -> None:
    told = re.findall(r"tutor lessons ([a-z]+)([^`\n]*)", PAGES[locale])
    assert {verb for verb, _ in told} >= {"new", "preview", "record", "check", "list", "schema"}
    with click.Context(lessons) as context:
        for verb, rest in told:
            command = lessons.get_command(context, verb)
            assert command, verb
            known = {name for it in command.params for name in it.opts}
            options = {it for it in shlex.split(rest) if it.startswith("--")}
            assert options <= known, verb
        everywhere = {
            name
            for verb in lessons.list_commands(context)
            if (command := lessons.get_command(context, verb))
            for it in command.params
            for name in it.opts
        }
    assert set(re.findall(r"`(--[a-z-]+)", PAGES[locale])) <= everywhere


def problems(path: Path) -> list[str]:
    """What the check says of one file, without running it."""
    try:
        entry = read_entry(path)
    except LessonFileError as error:
        return str(error).splitlines()
    loaded = unite([[entry]])
    return [line for error in loaded.errors for line in str(error).splitlines()]


def test_the_errors_are_real(tmp_path: Path) -> None:
    shown = marked(PAGES["en"], "errors").splitlines()
    assert len(shown) == len(SLIPS)
    text = new_lesson()
    path = tmp_path / "polling.yaml"
    for line, (right, wrong) in zip(shown, SLIPS.values(), strict=True):
        assert right in text
        path.write_text(text.replace(right, wrong, 1), "utf-8")
        assert problems(path) == [line.replace("lessons/polling.yaml", str(path))]


def test_the_log_line_is_real(tmp_path: Path) -> None:
    path = tmp_path / "greetings.yaml"
    path.write_text(
        lesson_text("greetings", order=1).replace("about: 0.4", "abuot: 0.4", 1), "utf-8"
    )
    (problem,) = problems(path)
    assert problem.replace(str(path), "my-lessons/greetings.yaml") in PAGES["en"]


def test_the_snippets_are_lessons(tmp_path: Path) -> None:
    """Each piece of YAML can stand in a scenario."""
    pieces = [code for language, code in BLOCK.findall(PAGES["en"]) if language == "yaml"]
    assert len(pieces) >= 6
    text = new_lesson()
    quiz, end = text.index("    # What /predict asks"), text.index("    # The id of the scenario")
    text = text[:quiz] + text[end:]  # the pieces have other lines and times
    code, because = text.index("    code: |"), text.index("    # Read after the run")
    keys = ("starts", "ends", "all_done", "took", "eager", "lazy", "cancelled")
    printing = "    code: |\n" + "".join(f'      print("<<{key}>>")\n' for key in keys)
    phrases = "    phrases:\n" + "".join(f"      {key}: {{ko: 가, en: a}}\n" for key in keys)
    path = tmp_path / "polling.yaml"
    for piece in pieces:
        if "lines:" in piece:
            middle = f"{printing}{phrases}    expect:\n{piece}"
        elif "question:" in piece:
            expect = "{lines: [<<starts>>], elapsed: {about: 0.4}}"
            middle = f"{printing}{phrases}    expect: {expect}\n{piece}"
        else:
            middle = piece if "expect:" in piece else f"{piece}    expect: {{}}\n"
        path.write_text(text[:code] + middle + text[because:], "utf-8")
        load_file(path)


def test_the_bots_limits() -> None:
    limits = Limits()
    for text in PAGES.values():
        table = dict(re.findall(r"^\| `(\w+)` \| ([\d,]+)", text, re.MULTILINE))
        assert int(table["wall_seconds"]) == limits.wall_seconds
        assert int(table["cpu_seconds"]) == limits.cpu_seconds
        assert int(table["memory_bytes"]) * 2**20 == limits.memory_bytes
        assert int(table["threads"]) == limits.threads
        kib, line = limits.output_bytes // 2**10, limits.line_bytes // 2**10
        output = rf"\| {kib} KiB, {limits.output_lines:,}; [^|]*{line} KiB"
        assert re.search(output, text)
        assert f"| {limits.events:,} | `events` |" in text


def test_the_lengths_of_texts() -> None:
    schema = json.dumps(lesson_schema())
    lengths = {int(it) for it in re.findall(r'"maxLength": (\d+)', schema)}
    assert {80, 300, 2_500, 3_000} <= lengths
    for text in PAGES.values():
        for length in ("80", "300", "2,500", "3,000"):
            assert length in text


def test_the_schemastore_entry() -> None:
    entry = json.loads(marked(PAGES["en"], "schemastore"))
    assert set(entry) == {"name", "description", "fileMatch", "url"}
    assert entry["name"] == lesson_schema()["title"]
    assert "$id" not in lesson_schema()  # SchemaStore serves it under an address of its own
    for path in (ROOT / "lessons").glob("*.yaml"):
        name = f"/home/me/asyncio-tutor/lessons/{path.name}"
        assert any(fnmatch(name, pattern) for pattern in entry["fileMatch"])


@pytest.mark.parametrize("page", PAGES.values(), ids=PAGES)
def test_the_automations_are_yaml_and_name_options_that_exist(page: str) -> None:
    workflow, hooks = (
        yaml.safe_load(code) for language, code in BLOCK.findall(page) if language == "yml"
    )
    runs = [step["run"] for step in workflow["jobs"]["check"]["steps"] if "run" in step]
    (hook,) = hooks["repos"][0]["hooks"]
    known = {option for parameter in check.params for option in parameter.opts}
    for command in (runs[-1], hook["entry"]):
        assert command.startswith("tutor lessons check")
        assert {word for word in command.split() if word.startswith("--")} <= known
    assert re.search(hook["files"], "my-lessons/greetings.yaml")
    assert not re.search(hook["files"], "my-lessons/lesson.schema.json")

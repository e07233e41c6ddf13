"""A further language comes by adding files: one for the tutor's words, texts in the lessons."""

import json
import re
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from bot.languages.sentences import sentences
from tests.commands import ROOT, clean_environment
from tests.lessons.sample import SAMPLE

CODE = "eo"
LESSON = re.sub(r"(?m)^( +)en: (?!\|)(.*)$", r"\1en: \2\n\1eo: ⟦\2⟧", SAMPLE)
LESSON = re.sub(r"(?m)^( +)en: \|\n +An explanation\.", r"\g<0>\n\1eo: ⟦explanation⟧", LESSON)
LESSON = re.sub(r"\ben: ([^},]+)\}", r"en: \1, eo: ⟦\1⟧}", LESSON)
LESSON = re.sub(r"(?m)^ +versions:\n(?: +(?:- python|outcome|error):.*\n)+", "", LESSON)


@cache
def said() -> dict[str, str]:
    """All sentences that can be translated."""
    return sentences(ROOT / "bot")


def translation(english: str) -> str:
    """A made-up translation: what it holds shows where it came from."""
    return f"⟦{english}⟧"


def command_word(english: str) -> str:
    """Commands are words that can be typed."""
    return f"{english}o" if re.fullmatch("[a-z]+", english) else translation(english)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project with one file more, and a course of one lesson in three languages."""
    folder = tmp_path_factory.mktemp("project")
    shutil.copytree(ROOT / "bot", folder / "bot", ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "course").mkdir()
    (folder / "course" / "sample.yaml").write_text(LESSON, "utf-8")
    made = _python(
        folder,
        "-m",
        "bot",
        "lessons",
        "language",
        CODE,
        *["--name", "Esperanto"],
        "--english",
        "Esperanto",
    )
    assert f"{len(said())} sentences, {len(said())} to translate" in made.stdout
    path = folder / "bot" / "languages" / f"{CODE}.yaml"
    text = path.read_text("utf-8")
    for english in said():
        quoted = json.dumps(english, ensure_ascii=False)
        told = json.dumps(command_word(english), ensure_ascii=False)
        text = text.replace(f'  {quoted}: ""', f"  {quoted}: {told}")
    path.write_text(text, "utf-8")
    return folder


def _python(folder: Path, *arguments: str, stdin: str = "") -> "subprocess.CompletedProcess[str]":
    more = {"PYTHONPATH": f"{folder}:{ROOT}", "TUTOR_LESSONS": str(folder / "course")}
    done = subprocess.run(
        [sys.executable, *arguments],
        env=clean_environment(more),
        cwd=folder,
        check=False,
        input=stdin,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stderr + done.stdout
    return done


def test_the_whole_tutor_can_be_said_in_it(project: Path) -> None:
    code = (
        "from tests.tutor.words.test_words import sentences, topics\n"
        "from bot.platforms.discord.words import DiscordWords\n"
        "from bot.platforms.web.words import WebWords\n"
        "from bot.platforms.web.documents import load_documents\n"
        "from bot.tutor.words.captions import captions\n"
        "import bot.languages, dataclasses, json\n"
        f"assert bot.languages.__file__.startswith({str(project)!r})\n"
        "told = {f'{type(topic).__name__}.{name}': text for topic in topics('eo')"
        " for name, text in sentences(topic)}\n"
        "for owner, texts in {'discord': DiscordWords('eo').sentences(),"
        " 'web': WebWords('eo').sentences(),"
        " 'picture': dataclasses.asdict(captions('eo'))}.items():\n"
        "    told |= {f'{owner}.{it}': text for it, text in texts.items()}\n"
        "documents = load_documents(None, 'X')\n"
        "assert documents['privacy', 'eo'] == documents['privacy', 'en']\n"
        "print(json.dumps(told))\n"
    )
    told: dict[str, str] = json.loads(_python(project, "-c", code).stdout)
    assert len(told) > 250
    strange = {name: text for name, text in told.items() if "⟦" not in text}
    assert {text for text in strange.values() if not re.fullmatch("([a-z]+o ?)+", text)} == set()


def test_learners_are_answered_in_it(project: Path) -> None:
    typed = "/lang esperanto\n/runo first\n/explaino idea\n/helpo\n/lessonso\n"
    told = _python(project, "-m", "bot", "chat", stdin=typed).stdout
    answers = told[told.index("⟦Esperanto from now on") :]
    for text in ("⟦Hello⟧", "⟦explanation⟧", "⟦Measured: ", "⟦How to use the asyncio tutor⟧"):
        assert text in answers
    assert "`/runo" not in answers  # rendered as code
    assert "/runo" in answers
    assert not [
        it for it in said() if len(it) > 20 and re.search(rf"(?<!⟦){re.escape(it)}", answers)
    ]


def test_the_check_runs_lessons_in_it_and_misses_no_text(project: Path) -> None:
    checked = _python(project, "-m", "bot", "lessons", "check", "--json").stdout
    told = json.loads(checked)
    assert told["ok"]
    assert all(CODE in row["findings"] for row in told["scenarios"])
    half = LESSON.replace(", eo: ⟦Because.⟧", "", 1)
    (project / "half.yaml").write_text(half, "utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "bot", "lessons", "check", "half.yaml"],
        env=clean_environment({"PYTHONPATH": str(project)}),
        cwd=project,
        check=False,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    assert "the Esperanto text is missing" in done.stdout + done.stderr

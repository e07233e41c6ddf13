"""A message as a page of a phone's width, to look at: `python -m tests.e2e.discord.phone FOLDER`.

Close to Discord's own look where it counts: 375 px wide, its type sizes, where lines wrap.
"""

import asyncio
import base64
import html
import re
import sys
from collections.abc import Awaitable
from pathlib import Path
from typing import Any

from markdown_it import MarkdownIt

from bot.languages import LOCALES, Locale, own_name
from bot.lessons.files.load import load_folders
from bot.lessons.library import Library
from bot.platforms.discord.words import DiscordWords
from bot.runner.host.local import LocalRunner
from bot.runner.queue import RunQueue
from bot.tutor.service import TutorService
from bot.tutor.services import Services
from tests.discord_standin.learner import Exchange, Learner
from tests.discord_standin.server import standin
from tests.discord_standin.state import Message
from tests.e2e.discord.conftest import running_bot
from tests.e2e.discord.learners_page import ROOT

_STYLE = """
body { width: 343px; margin: 0; padding: 16px; background: #313338; color: #dbdee1;
  font: 16px/1.375 'Noto Sans CJK KR', sans-serif; }
.box { border-left: 4px solid #3b7dd8; border-radius: 4px; background: #2b2d31; padding: 8px 12px; }
pre { background: #1e1f22; border-radius: 4px; padding: 8px; font: 14px/18px monospace;
  white-space: pre-wrap; overflow-wrap: anywhere; margin: 4px 0; }
h2 { font-size: 20px; margin: 4px 0; } ul, p { margin: 4px 0; } ul { padding-left: 20px; }
small { font-size: 13px; color: #949ba4; } img { width: 100%; border-radius: 4px; }
.row { display: flex; flex-wrap: wrap; gap: 8px; margin-top: 8px; }
.row span { background: #4e5058; border-radius: 4px; padding: 6px 12px; font-size: 14px; }
"""


def page(message: Message) -> str:
    """Return a message as HTML."""
    body = "".join(_shown(each, message) for each in message.payload["components"])
    return f"<!doctype html><meta charset=utf-8><style>{_STYLE}</style>{body}"


def _shown(component: dict[str, Any], message: Message) -> str:
    match component["type"]:
        case 17:
            inner = "".join(_shown(each, message) for each in component["components"])
            return f"<div class=box>{inner}</div>"
        case 10:
            return _text(component["content"])
        case 12:
            data = base64.b64encode(message.files["timeline.png"]).decode()
            return f'<img src="data:image/png;base64,{data}">'
        case 1:
            return _row(component["components"])
        case _:
            return "<p>📎 output.txt</p>"


def _text(markdown: str) -> str:
    small = re.sub(r"(?m)^-# (.*)$", r"<small>\1</small>", markdown)
    small = re.sub(r"<t:\d+:R>|</(\w+):\d+>", lambda it: f"**/{it[1]}**" if it[1] else "now", small)
    rendered: str = MarkdownIt("commonmark", {"html": True, "breaks": True}).render(small)
    return rendered


def _row(items: list[dict[str, Any]]) -> str:
    shown = [html.escape(each.get("label") or each.get("placeholder") or "") for each in items]
    return "<div class=row>" + "".join(f"<span>{each}</span>" for each in shown) + "</div>"


def form_page(form: dict[str, Any]) -> str:
    """Return a form as HTML."""
    body = f"<h2>{html.escape(form['title'])}</h2>" + "".join(
        _text(each["content"]) if each["type"] == 10 else _question(each)
        for each in form["components"]
    )
    return f"<!doctype html><meta charset=utf-8><style>{_STYLE}</style><div class=box>{body}</div>"


def _question(label: dict[str, Any]) -> str:
    inner = label["component"]
    options = [each["label"] for each in inner.get("options", ())] or [
        inner.get("value") or inner.get("placeholder") or "…"
    ]
    listed = "".join(f"<li>{html.escape(each)}</li>" for each in options)
    return f"<p><b>{html.escape(label['label'])}</b></p><ul>{listed}</ul>"


class _Looks:
    """What was seen on a phone, by name."""

    def __init__(self, learner: Learner) -> None:
        self.learner = learner
        self.pages: dict[str, str] = {}

    async def see(self, name: str, asked: Awaitable[Exchange]) -> Exchange:
        """Look at an answer once it is whole."""
        exchange = await (await asked).finished()
        self.pages[name] = page(exchange.message)
        return exchange

    async def opened(self, name: str, asked: Awaitable[Exchange]) -> Exchange:
        """Look at a form."""
        exchange = await (await asked).answered()
        self.pages[name] = form_page(exchange.form)
        return exchange

    async def running(self, name: str, asked: Awaitable[Exchange], line: str) -> Exchange:
        """Look at an answer that is under way, once a line is there."""
        exchange = await (await asked).until(line)
        self.pages[name] = page(exchange.message)
        return exchange


async def _read(looks: _Looks) -> None:
    """Look at what is answered without a run, and at what cannot be answered."""
    learner = looks.learner
    await looks.see("help", learner.command("help"))
    await looks.see("lessons", learner.command("lessons"))
    await looks.see("lesson", learner.command("lessons", lesson="cancellation"))
    await looks.see("explain", learner.command("explain", concept="gather"))
    await looks.see("unknown-scenario", learner.command("run", scenario="gathr"))
    await looks.see("unknown-concept", learner.command("explain", concept="asyncio.gater 함수"))
    await looks.see("unknown-lesson", learner.command("lessons", lesson="zzzz"))
    await looks.see("not-compared", learner.command("compare", first="gather"))
    await looks.see("unknown-command", learner.command("no_such_command"))
    await looks.see("nothing-named", learner.explain_this("good morning"))
    await learner.write("hi")
    state = learner.standin.state
    await learner.standin.until(lambda: state.written)
    looks.pages["direct-message"] = page(state.written.pop())


async def _run(looks: _Looks) -> None:
    """Look at runs: under way, done, stopped, asked for in between, and their whole output."""
    learner = looks.learner
    running = await looks.running("running", learner.command("run", scenario="sync"), "│")
    await looks.see("busy", learner.command("run", scenario="gather"))
    await learner.interaction(running, DiscordWords(locale_of(learner)).stop)
    await running.finished()
    looks.pages["stopped"] = page(running.message)
    await asyncio.sleep(1)  # until its place is free
    ran = await looks.see("run", learner.command("run", scenario="gather"))
    other = own_name("en" if locale_of(learner) == "ko" else "ko")
    await looks.see("other-language", learner.interaction(ran, other))
    await looks.see("private", learner.command("run", scenario="task_group_failure", private=True))
    await looks.see("why", learner.command("why", scenario="create_task"))
    await looks.see("compare", learner.command("compare", first="sync await create_task gather"))


async def _predict(looks: _Looks) -> None:
    """Look at a quiz, its form, and what came of it."""
    learner = looks.learner
    quiz = await looks.see("quiz", learner.command("predict", scenario="gather"))
    form = await looks.opened("form", learner.interaction(quiz, next(iter(quiz.buttons))))
    sent = await learner.send(form, order="B")
    await sent.until("✗")
    await looks.see("checked", _itself(sent))


async def _itself(exchange: Exchange) -> Exchange:
    return exchange


async def _exercise(looks: _Looks) -> None:
    """Look at an exercise."""
    await looks.see("exercise", looks.learner.command("exercise", exercise="finish_the_task"))


async def _own_code(looks: _Looks) -> None:
    """Look at own code: its editor, a long output and its pages, an error, what is refused."""
    learner = looks.learner
    editor = await looks.opened("editor", learner.command("try"))
    long = "for n in range(400):\n    print(n, 'a line that is as long as lines often are')\n"
    shown = await looks.see("own-code-long", learner.submit(editor, long))
    words = DiscordWords(locale_of(learner))
    whole = await looks.see("output", learner.interaction(shown, words.show_all))
    await looks.see("output-next", learner.interaction(whole, words.next))
    for name, code in (
        (
            "own-code-error",
            "async def main():\n    await nothing\nimport asyncio\nasyncio.run(main())",
        ),
        ("own-code-refused", "import urllib.request as r\nr.urlopen('http://example.org')"),
        ("own-code-syntax", "print('a'"),
    ):
        opened = await (await learner.command("try")).answered()
        await looks.see(name, learner.submit(opened, code))


def locale_of(learner: Learner) -> Locale:
    """Return the language that the learner's Discord speaks."""
    return "ko" if learner.locale == "ko" else "en"


async def write(folder: Path, locale: Locale) -> None:
    """Write a page of each kind of answer, in one language."""
    loaded = await asyncio.to_thread(load_folders, [ROOT / "lessons"])
    library = Library(loaded.lessons)
    runner = LocalRunner(strict=False)
    services = Services(
        lambda: library, runner, RunQueue(running=8, waiting=8), site="https://tutor.example.org"
    )
    options = {"report": "https://example.org/issues", "learner_requests_per_minute": 1_000}
    async with standin() as server, running_bot(server, TutorService(services), **options):
        looks = _Looks(Learner(server, locale=locale))
        for part in (_read, _run, _predict, _exercise, _own_code):
            await part(looks)
    await runner.close()
    for name, text in looks.pages.items():
        await asyncio.to_thread((folder / f"{name}.{locale}.html").write_text, text)


if __name__ == "__main__":
    for each in LOCALES:
        asyncio.run(write(Path(sys.argv[1]), each))

"""A message as a page of a phone's width, to look at: `python -m tests.e2e.discord.phone FOLDER`.

Close to Discord's own look where it counts: 375 px wide, its type sizes, where lines wrap.
"""

import asyncio
import base64
import html
import re
import sys
from pathlib import Path
from typing import Any

from markdown_it import MarkdownIt

from bot.lessons.files.load import load_folders
from bot.lessons.library import Library
from bot.lessons.model import LOCALES, Locale
from bot.runner.queue import RunQueue
from bot.tutor.service import TutorService
from bot.tutor.services import Services
from tests.discord_standin.learner import Learner
from tests.discord_standin.server import standin
from tests.discord_standin.state import Message
from tests.e2e.discord.conftest import running_bot
from tests.e2e.discord.learners_page import ROOT
from tests.e2e.discord.recorded import RecordedRunner

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


async def write(folder: Path, locale: Locale) -> None:
    """Write a page of each kind of answer, in one language."""
    loaded = await asyncio.to_thread(load_folders, [ROOT / "lessons"])
    library, holding = Library(loaded.lessons), asyncio.Event()
    holding.set()
    queue = RunQueue(running=8, waiting=8)
    services = Services(lambda: library, RecordedRunner(library, holding), queue, python="3.11.7")
    async with standin() as server, running_bot(server, TutorService(services)):
        learner = Learner(server, locale=locale)
        answers = {
            "help": await learner.command("help"),
            "lessons": await learner.command("lessons", lesson="tasks"),
            "explain": await learner.command("explain", concept="gather"),
            "run": await learner.command("run", scenario="gather"),
            "unknown": await learner.command("run", scenario="gathr"),
        }
        for exchange in answers.values():
            await exchange.finished()
        answers["compare"] = await learner.command("compare", first="gather create_task")
        await answers["compare"].finished()
        quiz = await (await learner.command("predict", scenario="gather")).finished()
        answers["quiz"] = quiz
        form = await (await learner.interaction(quiz, next(iter(quiz.buttons)))).answered()
        await asyncio.to_thread((folder / f"quiz.{locale}.html").write_text, page(quiz.message))
        sent = await learner.send(form, order="B")
        await sent.until("✗")
        await sent.finished()
        del answers["quiz"]
        answers["checked"] = sent
        for name, exchange in answers.items():
            path = folder / f"{name}.{locale}.html"
            await asyncio.to_thread(path.write_text, page(exchange.message))


if __name__ == "__main__":
    for each in LOCALES:
        asyncio.run(write(Path(sys.argv[1]), each))

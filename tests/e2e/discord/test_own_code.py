"""Own code on Discord: the real bot and tutor over the stand-in, with real runs."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest

from bot.lessons.files.load import load_folders
from bot.lessons.library import Library
from bot.runner.host.local import LocalRunner
from bot.runner.queue import RunQueue
from bot.tutor.own_code import OwnCode, RunsOfLearners
from bot.tutor.service import TutorService
from bot.tutor.services import Services
from tests.discord_standin.learner import Exchange, Learner
from tests.discord_standin.server import StandIn
from tests.e2e.discord.conftest import running_bot

SLOW = (
    "import asyncio\n\nasync def work(n):\n    await asyncio.sleep(0.1)\n    print('끝', n)\n\n"
    "async def main():\n    await work(1)\n    await work(2)\n\nasyncio.run(main())\n"
)
Start = Callable[..., Awaitable[Learner]]


@pytest.fixture(scope="module")
def library() -> Library:
    return Library(load_folders([Path(__file__).parents[3] / "lessons"]).lessons)


@pytest.fixture
async def start(discord: StandIn, library: Library) -> AsyncIterator[Start]:
    """Start a bot with such rules for own code; return a learner there."""
    async with AsyncExitStack() as stack:

        async def started(locale: str = "en-US", **rules: Any) -> Learner:
            return await begun(stack, discord, library, locale, **rules)

        yield started


async def begun(
    stack: AsyncExitStack,
    discord: StandIn,
    library: Library,
    locale: str = "en-US",
    **rules: Any,
) -> Learner:
    runner = LocalRunner(strict=False)
    stack.push_async_callback(runner.close)
    queue = RunQueue(running=4, waiting=4)
    services = Services(lambda: library, runner, queue, own_code=OwnCode(**rules))
    await stack.enter_async_context(running_bot(discord, TutorService(services)))
    return Learner(discord, locale=locale)


async def tried(learner: Learner, code: str, file: tuple[str, bytes] | None = None) -> Exchange:
    opened = await (await learner.command("try")).answered()
    return await (await learner.submit(opened, code, file)).finished()


@pytest.mark.parametrize("locale", ["en-US", "ko"])
async def test_what_is_written_in_the_editor_is_run_and_explained(
    start: Start, locale: str
) -> None:
    learner = await start(locale)
    answer = await tried(learner, SLOW)
    assert answer.message.ephemeral
    assert "끝 1" in answer.text
    assert "Python 3." in answer.text
    assert "gather" in answer.text, "the waits could overlap"
    labels = list(answer.buttons)
    assert ("Edit and run again" in labels) is (locale == "en-US")
    assert not any("hare" in label for label in labels), "private: nobody else ever sees it"


async def test_the_code_is_found_in_the_answer_and_edited(start: Start) -> None:
    learner = await start()
    answer = await tried(learner, SLOW)
    editor = await (await learner.interaction(answer, "Edit and run again")).answered()
    assert editor.begun.strip() == SLOW.strip()
    again = await (await learner.submit(editor, "print('changed')")).finished()
    assert "changed" in again.text


@pytest.mark.parametrize(
    "code",
    [
        "print('`' * 3 + '@everyone <@1>')\nprint('```')\n",
        "# " + "가" * 4_000 + "\nprint(1)\n",
        "\n".join(f"print('line {number}')" for number in range(300)),
    ],
)
async def test_code_that_a_message_cannot_hold_is_in_a_file(start: Start, code: str) -> None:
    learner = await start()
    answer = await tried(learner, "", ("mine.py", code.encode()))
    assert "code.py" in answer.message.files
    assert answer.message.files["code.py"].decode() == code
    editor = await (await learner.interaction(answer, "Edit and run again")).answered()
    assert editor.begun == (code if len(code) <= 4_000 else "")


async def test_a_file_is_run_or_explained(start: Start) -> None:
    learner = await start()
    assert "끝 2" in (await tried(learner, "ignored", ("a.py", SLOW.encode()))).text
    assert "20 kB" in (await tried(learner, "", ("big.py", b"x" * 20_001))).text
    assert "UTF-8" in (await tried(learner, "", ("bad.py", b"\xff\xfe\x00"))).text
    assert "No Python code" in (await tried(learner, "  ")).text


async def test_a_scenarios_code_is_changed(start: Start) -> None:
    learner = await start()
    editor = await (await learner.command("try", scenario="gather")).answered()
    assert "asyncio.gather" in editor.begun
    unknown = await (await learner.command("try", scenario="gathr")).finished()
    assert "gathr" in unknown.text
    ran = await (await learner.command("run", scenario="task_group_failure")).finished()
    editor = await (await learner.interaction(ran, "Change it")).answered()
    assert "TaskGroup" in editor.begun


@pytest.mark.parametrize("locale", ["en-US", "ko"])
async def test_the_code_of_any_message_is_run(start: Start, locale: str) -> None:
    learner = await start(locale)
    said = f"Why is it slow?\n```py\n{SLOW}```\nand\n```\nnothing\n```"
    answer = await (await learner.use("Run this code", said)).finished()
    assert "끝 2" in answer.text
    assert answer.message.ephemeral
    of_ours = await (await learner.use("Run this code", answer)).finished()
    assert "끝 2" in of_ours.text
    nothing = await (await learner.use("Run this code", "Good morning, everyone!")).finished()
    assert ("백틱" if locale == "ko" else "code block") in nothing.text
    assert "```" not in nothing.text


async def test_an_answer_is_shared_where_that_is_allowed_and_deleted(start: Start) -> None:
    learner = await start(mode="on")
    answer = await tried(learner, SLOW)
    shared = await (await learner.interaction(answer, "Share here")).finished()
    assert not shared.message.ephemeral
    assert "끝 1" in shared.text
    assert shared.message.files.keys() == answer.message.files.keys()
    message = answer.message
    await learner.interaction(answer, "Delete")
    await learner.standin.until(lambda: message.deleted)
    assert message.deleted


async def test_a_run_is_stopped(start: Start) -> None:
    learner = await start()
    opened = await (await learner.command("try")).answered()
    answer = await learner.submit(opened, "import time\nprint('on')\ntime.sleep(9)\n")
    await answer.until("on")
    await learner.standin.until(lambda: "Stop" in answer.buttons)
    await learner.interaction(answer, "Stop")
    await answer.until("topped", seconds=5)
    assert "Stop" not in (await answer.finished()).buttons


async def test_where_own_code_is_off_no_editor_opens(start: Start) -> None:
    learner = await start(mode="off")
    answer = await (await learner.command("try")).finished()
    assert "TUTOR_OWN_CODE" in answer.text
    ran = await (await learner.command("run", scenario="task_group_failure")).finished()
    assert "Change it" not in ran.buttons


@pytest.mark.parametrize(
    "code",
    [
        "import os\nwhile True:\n    os.fork()\n",
        "x = []\nwhile True: x.append(bytearray(10**7))\n",
        "print('@everyone\\x1b[31m\\u202e' * 10)\n",
        "while True: print('x' * 1000)\n",
        "print('x'\n",
        "\x00",
    ],
)
async def test_hostile_code_gets_an_answer(start: Start, code: str) -> None:
    learner = await start()
    answer = await tried(learner, code)
    assert answer.text
    again = await tried(learner, "print('still here')")
    assert "still here" in again.text


async def test_why_each_line_came_is_told_of_own_code_too(start: Start) -> None:
    learner = await start()
    answer = await tried(learner, SLOW)
    told = await (await learner.interaction(answer, "Why this order?")).finished()
    assert told.message.ephemeral
    assert "From `끝 2` back to the start" in told.text
    assert "`sleep(0.1)` in line 4 was over" in told.text
    assert "Why this order?" not in told.buttons
    long = await tried(learner, "", ("long.py", f"#{'x' * 4_000}\n{SLOW}".encode()))
    told = await (await learner.interaction(long, "Why this order?")).finished()
    assert "`sleep(0.1)` in line 5 was over" in told.text


@pytest.mark.parametrize(("locale", "label"), [("en-US", "Replay"), ("ko", "다시 보기")])
async def test_own_code_is_replayed_for_its_author_alone(
    start: Start, locale: str, label: str
) -> None:
    learner = await start(locale, mode="on", runs=RunsOfLearners(1))
    answer = await tried(learner, SLOW)
    replay = await (await learner.interaction(answer, label)).finished()
    assert replay.message.ephemeral
    assert replay.message.files["replay.gif"].startswith(b"GIF89a")
    assert "This is a new run" not in replay.text, "a second one would have been refused"
    assert not {"Share here", "여기에 공유"} & replay.buttons.keys()


ATTACKS = {
    "import os\nprint(os.environ)\nprint(open('/etc/passwd').read())\n": "There are no files here",
    "import os\nwhile True:\n    os.fork()\n": "No other process can be started",
    "import socket\nsocket.create_connection(('127.0.0.1', 80))\n": "There is no network here",
    "while True:\n    print('@everyone <@1> ' * 100)\n": "it printed too much",
    "held = bytearray(10**10)\n": "MemoryError",
    "print('```\\n# big\\n[here](https://example.org) @everyone ||x||')\n": "@\u2060everyone",
}
DOORS: dict[str, Callable[[Learner, str], Awaitable[Exchange]]] = {
    "editor": tried,
    "file": lambda learner, code: tried(learner, "", ("mine.py", code.encode())),
    "message": lambda learner, code: _used(learner, f"try this:\n```py\n{code}```"),
}


async def _used(learner: Learner, said: str) -> Exchange:
    return await (await learner.use("Run this code", said)).finished()


@pytest.mark.parametrize("door", DOORS)
async def test_an_attack_gets_a_clear_answer_and_harms_nobody(start: Start, door: str) -> None:
    learner = await start(runs=RunsOfLearners(None))
    enters = DOORS[door]
    for code, said in ATTACKS.items():
        answer = await enters(learner, code)
        assert said in answer.text, code
        assert answer.message.ephemeral
        assert "TOKEN" not in answer.text
    assert "끝 2" in (await enters(learner, SLOW)).text


async def test_the_language_that_was_chosen_holds_from_the_editor_on(start: Start) -> None:
    learner = await start("en-US")
    editor = await (await learner.command("try", language="ko")).answered()
    answer = await (await learner.submit(editor, SLOW)).finished()
    assert "걸린 시간" in answer.text
    editor = await (await learner.interaction(answer, "고쳐서 다시 실행")).answered()
    assert editor.begun.strip() == SLOW.strip()
    again = await (await learner.submit(editor, "print('hi')")).finished()
    assert "걸린 시간" in again.text
    told = await (await learner.interaction(answer, "왜 이 순서일까?")).finished()
    assert "처음까지 거슬러 올라가면" in told.text


async def test_an_old_answer_is_not_shared_once_operators_forbid_it(
    discord: StandIn, library: Library
) -> None:
    async with AsyncExitStack() as before:
        learner = await begun(before, discord, library, mode="on")
        answer = await tried(learner, SLOW)
    async with AsyncExitStack() as after:
        learner = await begun(after, discord, library, mode="private")
        refused = await (await learner.interaction(answer, "Share here")).finished()
        assert "no longer let answers to own code be shared" in refused.text
        assert refused.message.ephemeral

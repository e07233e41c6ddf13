"""What learners, and those who mean harm, send to a bot: at random, but the same every time."""

import asyncio
import json
import random
from collections import Counter
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.lessons.authoring.template import lesson_text
from tests.bench.watched import Watched
from tests.discord_standin.learner import Learner
from tests.discord_standin.server import StandIn
from tests.discord_standin.state import GUILD

_PATIENCE = 40.0
_SHORT = ("sleep_zero", "lazy_start", "lock", "gather_order", "gather_failure", "task_reference")
_RUNS = ("gather", "await", "thread", "starvation", "forgotten_await", "endless", "flood", "dies")
_CONCEPTS = ("gather", "coroutine", "task_group", "queue", "이벤트 루프", "event lop")
_UNKNOWN = ("no_such_thing", "\u202e<b>x</b>", "x" * 150, "../../etc/passwd")
_SERVERS = 20
_COMMUNITY = tuple(str(666_000_000_000_000_001 + number) for number in range(300))
"""Learners who come back."""

_TYPED: Mapping[str, tuple[int, tuple[str, ...]]] = {
    "/run {}": (45, (*_SHORT, *_SHORT, *_RUNS)),
    "/compare {}": (3, ("await create_task gather",)),
    "/explain {}": (15, _CONCEPTS),
    "/predict {}": (10, _SHORT),
    "/lessons": (8, ("",)),
    "/help": (4, ("",)),
    "/predict  {}": (8, _UNKNOWN),
    "/explain  {}": (7, _UNKNOWN),
}
"""What is typed: how likely it is, and the names that go with it."""

HARMFUL = {
    "endless": "while True:\n    pass",
    "flood": "while True:\n    print('x' * 1_000)",
    "dies": "import ctypes\n\nctypes.string_at(0)",
}
"""Scenarios that no lesson should have, by id."""


def harmful_lesson(number: int) -> str:
    """Return a lesson that holds them, in its `number`th edition."""

    def said(text: str) -> dict[str, str]:
        return {"ko": text, "en": text}

    scenarios = [
        {
            "id": name,
            "title": said(name),
            "summary": said(f"{name}."),
            "code": code,
            "expect": {},
            "because": said(f"{name}."),
            "limits": {"wall_seconds": 1, "output_bytes": 20_000},
        }
        for name, code in HARMFUL.items()
    ]
    lesson = {"id": "harmful", "order": 9_999, "title": said(f"Harmful {number}")}
    return json.dumps(lesson | {"summary": said("Harm."), "scenarios": scenarios})


def good_lesson(number: int) -> str:
    """Return a lesson that an author keeps saving."""
    return lesson_text("edited", order=9_998, title_en=f"Edition {number}")


@dataclass
class Traffic:
    """Many learners at once, each asking one thing after another."""

    bot: Watched
    discord: StandIn
    chance: random.Random = field(default_factory=lambda: random.Random(1))
    counts: Counter[str] = field(default_factory=Counter)
    """How often each thing came about."""
    broken: list[str] = field(default_factory=list)
    """What was asked and got no whole answer, though nobody had left."""
    unfinished: list[str] = field(default_factory=list)
    """What Discord's learners asked, saw begun, and never saw finished."""
    patience: float = 12.0
    """Seconds after which a learner on Discord goes on to something else."""
    visitors: int = 0
    returning: bool = False
    """Whether Discord's learners are a community that comes back, or each is new to the bot."""

    async def learners(self, seconds: float, *, web: int, discord: int) -> None:
        """Let so many ask for so long; return when the last has its answer."""
        until = asyncio.get_running_loop().time() + seconds
        async with asyncio.TaskGroup() as group:
            for _ in range(web):
                group.create_task(self._keep(self._on_web, until))
            for _ in range(discord):
                group.create_task(self._keep(self._on_discord, until))

    async def _keep(self, ask: Callable[[], Coroutine[Any, Any, None]], until: float) -> None:
        while asyncio.get_running_loop().time() < until:
            await ask()
            await asyncio.sleep(self.chance.uniform(0.05, 0.5))

    # The playground

    async def _on_web(self) -> None:
        act = self.chance.choices(
            (self._ask, self._page, self._leave, self._malformed, self._never_read),
            weights=(60, 20, 12, 6, 2),
        )[0]
        await act()

    async def _ask(self) -> None:
        typed = self._typed()
        answer = await self._exchange(self._request({"text": typed, "lang": "ko"}))
        self.counts["playground: answers"] += 1
        # What cannot be asked is refused with a sentence.
        if b'"final": true' not in answer and b'{"html": "' not in answer:
            self.broken.append(f"{typed}: {answer[:200]!r}")

    async def _page(self) -> None:
        path = self.chance.choice(
            ("/", "/run/gather", "/explain/gather?lang=ko", "/lessons", "/healthz", "/readyz",
             "/metrics", "/api/suggest?text=/run%20gat", "/static/none", "/run/none"),
        )  # fmt: skip
        answer = await self._exchange(self._head("GET", path))
        self.counts["playground: pages"] += 1
        if not answer.startswith(b"HTTP/1.1 "):
            self.broken.append(f"{path}: {answer[:200]!r}")

    async def _leave(self) -> None:
        """Ask for a run, and be gone in the middle of it."""
        request = self._request({"path": "/run/gather", "lang": "en"})
        await self._exchange(request, leave=self.chance.uniform(0, 1.5))
        self.counts["playground: vanished"] += 1

    async def _malformed(self) -> None:
        bad = self.chance.choice(
            (
                self._request(b"{"),
                self._request(b"x" * 100_000),
                self._request({"text": "/run"}),
                self._request({"path": "/../x", "lang": "ko"}),
                self._head("DELETE", "/api/ask"),
                self._head("GET", "/", {"Host": "evil.example"}),
                b"\x00\xff\r\n\r\n",
            )
        )
        await self._exchange(bad)
        self.counts["playground: malformed"] += 1

    async def _never_read(self) -> None:
        """Ask for a lot, and read nothing for a while."""
        await self._exchange(
            self._request({"path": "/run/flood", "lang": "en"}), leave=5.0, read=False
        )
        self.counts["playground: never read"] += 1

    def _typed(self) -> str:
        """Return a command, mostly a sensible one."""
        kinds = list(_TYPED)
        kind = self.chance.choices(kinds, weights=[_TYPED[kind][0] for kind in kinds])[0]
        return kind.format(self.chance.choice(_TYPED[kind][1]))

    def _head(self, method: str, path: str, headers: Mapping[str, str] | None = None) -> bytes:
        self.visitors += 1
        fields = {
            "Host": f"localhost:{self.bot.port}",
            "Connection": "close",
            "Cookie": f"learner={self.visitors:022d}",
            **(headers or {}),
        }
        lines = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
        return f"{method} {path} HTTP/1.1\r\n{lines}\r\n".encode()

    def _request(self, body: Mapping[str, str] | bytes) -> bytes:
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        fields = {"Content-Type": "application/json", "Content-Length": str(len(data))}
        return self._head("POST", "/api/ask", fields) + data

    async def _exchange(self, data: bytes, *, leave: float = _PATIENCE, read: bool = True) -> bytes:
        """Send `data` from an address of its own; return what comes until it leaves."""
        address = f"127.0.0.{self.chance.randint(2, 250)}"
        reader, writer = await asyncio.open_connection(
            "127.0.0.1", self.bot.port, local_addr=(address, 0)
        )
        answer = bytearray()
        try:
            async with asyncio.timeout(leave):
                writer.write(data)
                while read and (some := await reader.read(2**16)):
                    answer += some
                if not read:
                    await asyncio.sleep(leave)
        except (TimeoutError, ConnectionError):
            pass
        finally:
            writer.transport.abort()
        return bytes(answer)

    # Discord

    async def _on_discord(self) -> None:
        chance = self.chance
        guild = GUILD + chance.randrange(_SERVERS)
        learner = Learner(self.discord, chance.choice(("ko", "en-US")), guild=guild)
        if self.returning:
            learner.id = chance.choice(_COMMUNITY)
        learner.at = "dm" if chance.random() < 0.3 else "guild"
        name, _, rest = self._typed().removeprefix("/").partition(" ")
        rest = rest.strip()
        values = rest.split() if name == "compare" else [rest] if rest else []
        options = dict(zip(_ARGUMENTS[name], values, strict=True))
        for option, value in options.items():
            await self._patiently("completions", learner.complete(name, option, value[:3]))
        exchange = await learner.command(name, **options)
        if await self._patiently("answers", exchange.finished(seconds=self.patience)):
            buttons = [it for it in exchange.buttons.values() if not it.get("disabled")]
            presses = [it["custom_id"] for it in buttons if "custom_id" in it]
            if presses and chance.random() < 0.4:
                pressed = await learner.click(exchange.message, chance.choice(presses))
                await self._patiently("buttons", pressed.answered())
        elif exchange.interaction.answered_at is not None:
            self.unfinished.append(f"/{name} {rest}: {exchange.text[:200]}")

    async def _patiently(self, what: str, work: Coroutine[Any, Any, object]) -> bool:
        """Wait for an answer; faults of Discord's make that some never come."""
        try:
            async with asyncio.timeout(self.patience):
                await work
        except TimeoutError:
            self.counts["Discord: never answered"] += 1
            return False
        except AssertionError:  # a press that came too late for a form, for instance
            self.counts["Discord: answered otherwise"] += 1
            return False
        self.counts[f"Discord: {what}"] += 1
        return True


_ARGUMENTS: Mapping[str, tuple[str, ...]] = {
    "run": ("scenario",),
    "predict": ("scenario",),
    "explain": ("concept",),
    "compare": ("first", "second", "third"),
    "lessons": (),
    "help": (),
}
"""Each command's options, as Discord names them."""

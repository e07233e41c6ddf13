"""Short ways to ask a tutor and to look at its answers."""

import re
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import TypeVar

from bot.lessons.model import Locale
from bot.tutor.model import (
    Ask,
    Draft,
    Part,
    Reply,
    Request,
    Update,
)
from bot.tutor.protocol import Tutor

P = TypeVar("P")
HANGUL = re.compile("[가-힣]")

KOREAN_LINES = (
    "async_task_1 시작",
    "sync_task_1 3초 대기",
    "async_task_2 시작",
    "sync_task_2 2초 대기",
    "sync_task_2 재시작",
    "sync_task_1 재시작",
)


async def stream_of(updates: AsyncGenerator[Update]) -> AsyncGenerator[Reply]:
    """The answer with each of its drafts made, as for someone who looks all the time."""
    async with aclosing(updates):
        async for update in updates:
            yield await update.make() if isinstance(update, Draft) else update


async def updates(
    tutor: Tutor, what: Request, locale: Locale = "en", *, learner: str = "l", live: bool = False
) -> list[Reply]:
    """Every update of the answer."""
    return [it async for it in stream_of(tutor.handle(Ask(learner, locale, what, live=live)))]


async def answer(tutor: Tutor, what: Request, locale: Locale = "en") -> Reply:
    """The final answer; everything before it must not be final."""
    *before, last = await updates(tutor, what, locale)
    assert last.final
    assert not any(it.final for it in before)
    return last


def parts(reply: Reply, kind: type[P]) -> list[P]:
    """The answer's parts of one kind."""
    return [it for it in reply.parts if isinstance(it, kind)]


def one(reply: Reply, kind: type[P]) -> P:
    """The answer's only part of one kind."""
    (found,) = parts(reply, kind)
    return found


def told(reply: Reply) -> str:
    """All prose of an answer."""
    return "\n".join(_prose(part) for part in reply.parts)


def _prose(part: Part) -> str:
    return str(getattr(part, "markdown", "") or getattr(part, "text", ""))


def tells_what_was_saved(said: str) -> bool:
    """Whether an answer tells the share saved that its own times of waiting come to."""
    told = re.search(
        r"(\d+\.\d+) s of waiting took (\d+\.\d+) s\W.*?(\d+) % overlapped", said, re.DOTALL
    )
    assert told, "no share is told"
    waits, waited, saved = map(float, told.groups())
    # All three are rounded: the times to half a unit of their last digit, the share to half of one.
    of_waits, of_waited = (0.5 * 10.0 ** -len(it.partition(".")[2]) for it in told.groups()[:2])
    least = 100 * (1 - (waited + of_waited) / (waits - of_waits))
    most = 100 * (1 - (waited - of_waited) / (waits + of_waits))
    return least - 0.5 <= saved <= most + 0.5

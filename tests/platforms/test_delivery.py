import asyncio
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from functools import partial

import pytest
from structlog.testing import capture_logs

from bot.lessons.model import Locale
from bot.platforms.delivery import Deliveries, Pace, deliver, last_reply
from bot.tutor.model import (
    Ask,
    Choice,
    Choices,
    Draft,
    Help,
    NameKind,
    Note,
    Reply,
    Run,
    Text,
    Update,
)
from bot.tutor.protocol import Suggestion

ASK = Ask("test:me", "en", Run("gather"))
AT_ONCE = Pace(0.0, 0.0)


@dataclass
class Counting:
    """A tutor of drafts that counts those that are made. `go_on` lets it say the next ones."""

    drafts: int = 100
    error: Exception | None = None
    go_on: asyncio.Event = field(default_factory=asyncio.Event)
    said: int = 0
    made: list[int] = field(default_factory=list)
    left: bool = False

    async def handle(self, ask: Ask) -> AsyncGenerator[Update]:
        try:
            yield Reply((Text(ask.reference),), final=False)
            for number in range(self.drafts):
                yield Draft(partial(self._make, number))
                self.said += 1
            if self.error:
                raise self.error
            await self.go_on.wait()
            yield Reply((Text("the end"),))
        finally:
            self.left = True

    async def _make(self, number: int) -> Reply:
        self.made.append(number)
        return Reply((Text(f"draft {number}"), Choices((Choice("x", Help()),))), final=False)

    def suggest(
        self, _kind: NameKind, _typed: str, _locale: Locale, _limit: int = 25, *, after: str = ""
    ) -> tuple[Suggestion, ...]:
        del after
        return ()

    def comparisons(self, _locale: Locale) -> tuple[Suggestion, ...]:
        return ()


def texts(replies: list[Reply]) -> list[str]:
    """What each reply says first."""
    return [
        part.markdown for reply in replies for part in reply.parts[:1] if isinstance(part, Text)
    ]


async def test_only_what_is_shown_is_made_and_the_last_word_is_always_shown() -> None:
    tutor, shown = Counting(drafts=1_000), []

    async def show(reply: Reply) -> None:
        shown.append(reply)
        if tutor.made:
            tutor.go_on.set()

    async with Deliveries(tutor).open(ASK) as delivery, asyncio.timeout(10):
        last = await deliver(delivery, show, AT_ONCE)
    assert last is shown[-1]
    assert texts(shown) == ["draft 999", "the end"]
    assert tutor.made == [999]


async def test_nothing_is_made_before_there_is_a_place_to_show_it() -> None:
    tutor, free, shown = Counting(), asyncio.Event(), []

    async def ready() -> None:
        await free.wait()

    async def show(reply: Reply) -> None:
        shown.append(reply)
        tutor.go_on.set()

    async with Deliveries(tutor).open(ASK) as delivery, asyncio.timeout(10):
        delivering = asyncio.create_task(deliver(delivery, show, AT_ONCE, ready))
        while tutor.said < tutor.drafts:  # noqa: ASYNC110 - the tutor goes on by itself
            await asyncio.sleep(0)
        assert tutor.made == []
        free.set()
        await delivering
    assert tutor.made == [tutor.drafts - 1]


async def test_a_pause_between_two_updates_ends_with_the_answer() -> None:
    tutor, shown = Counting(drafts=1), []

    async def show(reply: Reply) -> None:
        shown.append(reply)
        tutor.go_on.set()

    async with Deliveries(tutor).open(ASK) as delivery, asyncio.timeout(10):
        await deliver(delivery, show, Pace(3_600.0, 3_600.0))
    assert texts(shown)[-1] == "the end"


@pytest.mark.parametrize(("cost", "pause"), [(0.0, 0.1), (0.05, 0.2), (10.0, 1.0)])
def test_who_is_slow_to_show_pauses_longer_but_not_for_ever(cost: float, pause: float) -> None:
    assert Pace(least=0.1, most=1.0, share=4).after(cost) == pause


async def test_leaving_ends_the_answer() -> None:
    tutor = Counting()
    async with Deliveries(tutor).open(ASK) as delivery:
        await _first(delivery.start, tutor)
        assert not tutor.left
    assert tutor.left


async def test_leaving_before_it_began_is_fine() -> None:
    tutor = Counting()
    async with Deliveries(tutor).open(ASK):
        pass
    assert not tutor.said


async def test_an_answer_that_is_ended_keeps_what_was_shown_and_says_why() -> None:
    tutor = Counting()
    deliveries = Deliveries(tutor)
    async with deliveries.open(ASK) as delivery, asyncio.timeout(10):
        await _first(delivery.start, tutor)
        await delivery.next()
        deliveries.end(lambda ask: (Note(f"over for {ask.learner}"),))
        last = await delivery.next()
        assert last.parts == (Text("draft 99"), Note("over for test:me"))
        assert last.final
        assert last.failed
        delivery.end(Note("once more"))
        assert not await delivery.has_news(0), "nothing follows the last word"
    assert tutor.left


async def test_an_answer_that_is_ended_before_it_began_does_not_begin() -> None:
    tutor = Counting()
    deliveries = Deliveries(tutor)
    async with deliveries.open(ASK) as delivery, asyncio.timeout(10):
        deliveries.end(lambda _: (Note("over"),))
        delivery.start()
        assert (await delivery.next()).parts == (Note("over"),)
    assert not tutor.said


async def test_a_fault_of_the_tutors_is_told_by_its_reference_and_logged() -> None:
    tutor = Counting(error=RuntimeError("a secret"))
    with capture_logs() as logs:
        async with Deliveries(tutor).open(ASK) as delivery, asyncio.timeout(10):
            delivery.start()
            assert await delivery.is_over(5)
            last = await delivery.next()
    assert last.failed
    assert ASK.reference in repr(last.parts)
    assert "a secret" not in repr(last.parts)
    (line,) = logs
    assert (line["event"], line["request"]) == ("answer failed", "Run")


async def test_a_draft_that_cannot_be_made_is_passed_over() -> None:
    async def never() -> Reply:
        raise ValueError("no")

    class Failing(Counting):
        async def handle(self, ask: Ask) -> AsyncGenerator[Update]:
            yield Draft(never)
            await self.go_on.wait()
            yield Reply((Text(ask.learner),))

    tutor = Failing()
    with capture_logs() as logs:
        async with Deliveries(tutor).open(ASK) as delivery, asyncio.timeout(10):
            delivery.start()
            asking = asyncio.create_task(delivery.next())
            while not logs:  # noqa: ASYNC110 - until it has failed
                await asyncio.sleep(0)
            tutor.go_on.set()
            assert texts([await asking]) == ["test:me"]
    assert logs[0]["event"] == "update failed"


async def test_it_is_known_when_none_is_under_way() -> None:
    deliveries = Deliveries(Counting())
    await deliveries.idle(0)
    async with deliveries.open(ASK):
        assert len(deliveries) == 1
        idle = asyncio.create_task(deliveries.idle())
        await asyncio.sleep(0)
        assert not idle.done()
    await asyncio.wait_for(idle, 5)
    assert len(deliveries) == 0


async def test_an_answer_without_a_run_is_had_at_once() -> None:
    tutor = Counting()
    tutor.go_on.set()
    assert texts([await last_reply(tutor, ASK)]) == ["the end"]
    assert tutor.made == []
    with pytest.raises(RuntimeError):
        await last_reply(Counting(error=RuntimeError()), ASK)


async def _first(start: object, tutor: Counting) -> None:
    """Start, and wait until the tutor has said all its drafts."""
    assert callable(start)
    start()
    while tutor.said < tutor.drafts:  # noqa: ASYNC110 - the tutor goes on by itself
        await asyncio.sleep(0)

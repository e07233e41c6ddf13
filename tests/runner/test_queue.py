import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import LearnerBusyError, QueueFullError, ShuttingDownError
from bot.observe.metrics import Metrics
from bot.runner.queue import Place, RunQueue


async def turn(place: Place) -> list[int]:
    return [position async for position in place.positions()]


async def next_position(positions: AsyncIterator[int]) -> int:
    async with asyncio.timeout(5):
        return await anext(positions)


async def test_the_first_ones_do_not_wait() -> None:
    queue = RunQueue(running=2, waiting=0)
    async with queue.place("a") as one, queue.place("b") as two:
        assert await turn(one) == await turn(two) == []
        assert (queue.running, queue.waiting) == (2, 0)
    assert (queue.running, queue.waiting) == (0, 0)


async def test_the_next_ones_hear_where_they_stand_until_it_is_their_turn() -> None:
    queue = RunQueue(running=1, waiting=5)
    async with AsyncExitStack() as first, AsyncExitStack() as second:
        await first.enter_async_context(queue.place("a"))
        second_place = await second.enter_async_context(queue.place("b"))
        async with queue.place("c") as third:
            heard = third.positions()
            assert await next_position(heard) == 2
            await first.aclose()
            assert await turn(second_place) == []
            assert await next_position(heard) == 1
            await second.aclose()
            with pytest.raises(StopAsyncIteration):
                await next_position(heard)


async def test_a_learner_runs_one_thing_at_a_time() -> None:
    queue = RunQueue(running=5, waiting=5)
    async with queue.place("a"):
        with pytest.raises(LearnerBusyError):
            async with queue.place("a"):
                pass
    async with queue.place("a"):
        assert queue.running == 1


async def test_a_full_line_turns_away() -> None:
    queue = RunQueue(running=1, waiting=1)
    async with queue.place("a"), queue.place("b"):
        with pytest.raises(QueueFullError):
            async with queue.place("c"):
                pass
        assert queue.waiting == 1


async def test_nobody_waits_where_there_is_no_line() -> None:
    queue = RunQueue(running=1, waiting=0)
    async with queue.place("a"):
        with pytest.raises(QueueFullError):
            async with queue.place("b"):
                pass


async def test_who_is_cancelled_while_waiting_leaves_the_line() -> None:
    queue = RunQueue(running=1, waiting=5)

    async def wait(learner: str) -> None:
        async with queue.place(learner) as place:
            await turn(place)

    async with queue.place("a"):
        impatient = asyncio.create_task(wait("b"))
        patient = asyncio.create_task(wait("c"))
        while queue.waiting < 2:  # noqa: ASYNC110 - a queue tells nobody that somebody came
            await asyncio.sleep(0)
        impatient.cancel()
        await asyncio.wait([impatient])
        assert queue.waiting == 1
    await asyncio.wait_for(patient, 5)
    assert (queue.running, queue.waiting) == (0, 0)


async def test_a_place_is_free_again_after_an_error() -> None:
    queue = RunQueue(running=1, waiting=0)
    with pytest.raises(RuntimeError, match="ours"):
        async with queue.place("a"):
            raise RuntimeError("ours")
    async with queue.place("a") as place:
        assert await turn(place) == []


async def test_closing_lets_runs_finish_and_turns_the_rest_away() -> None:
    queue = RunQueue(running=1, waiting=5)
    async with AsyncExitStack() as running:
        await running.enter_async_context(queue.place("a"))
        async with queue.place("b") as waiting:
            heard = waiting.positions()
            assert await next_position(heard) == 1
            queue.close()
            with pytest.raises(ShuttingDownError):
                await next_position(heard)
        with pytest.raises(ShuttingDownError):
            async with queue.place("c"):
                pass
        idle = asyncio.create_task(queue.idle())
        await asyncio.sleep(0)
        assert not idle.done()
    await asyncio.wait_for(idle, 5)


class Noted(Metrics):
    def __init__(self) -> None:
        self.seen: list[tuple[int, int]] = []
        self.waits: list[float] = []

    def queue_changed(self, *, running: int, waiting: int) -> None:
        self.seen.append((running, waiting))

    def queue_waited(self, seconds: float) -> None:
        self.waits.append(seconds)


async def test_operators_see_its_length_and_its_waits() -> None:
    noted = Noted()
    queue = RunQueue(running=1, waiting=1, metrics=noted)
    async with queue.place("a"), queue.place("b"):
        pass
    assert (1, 1) in noted.seen
    assert noted.seen[-1] == (0, 0)
    assert noted.waits[0] >= 0


STEPS = st.lists(st.tuples(st.sampled_from("abcdefgh"), st.booleans()), max_size=60)


@settings(deadline=None)
@given(STEPS, st.integers(1, 3), st.integers(0, 4))
def test_it_stays_within_its_bounds_and_serves_in_the_order_of_arrival(
    steps: list[tuple[str, bool]], running: int, waiting: int
) -> None:
    assert asyncio.run(_follow(steps, running, waiting)) == (0, 0)


async def _follow(steps: list[tuple[str, bool]], running: int, waiting: int) -> tuple[int, int]:
    """Enter and leave as the steps say, beside a list that does the same by hand.

    Return how many run and wait once all have left.
    """
    queue = RunQueue(running=running, waiting=waiting)
    here: dict[str, tuple[AsyncExitStack, Place]] = {}
    model: list[str] = []
    for learner, leaves in steps:
        if leaves:
            if learner in here:
                stack, _ = here.pop(learner)
                model.remove(learner)
                await stack.aclose()
        else:
            stack = AsyncExitStack()
            try:
                place = await stack.enter_async_context(queue.place(learner))
            except LearnerBusyError:
                assert learner in here
            except QueueFullError:
                assert len(model) == running + waiting
            else:
                assert len(model) < running + waiting
                here[learner] = (stack, place)
                model.append(learner)
        assert queue.running == min(running, len(model))
        assert queue.waiting == max(0, len(model) - running)
        for index, name in enumerate(model):
            assert here[name][1].position == max(0, index + 1 - running)
    for stack, _ in here.values():
        await stack.aclose()
    return queue.running, queue.waiting


async def test_own_code_waits_behind_every_scenario() -> None:
    queue = RunQueue(running=1, waiting=8)
    async with AsyncExitStack() as first, queue.place("own", own_code=True) as own:
        assert own.position == 0, "where nobody else is, it runs"
        scenario = await first.enter_async_context(queue.place("a"))
        assert scenario.position == 1
        async with queue.place("more", own_code=True) as more, queue.place("b") as late:
            assert (late.position, more.position) == (2, 3)


async def test_own_code_fills_a_quarter_of_the_line() -> None:
    queue = RunQueue(running=4, waiting=8)
    async with AsyncExitStack() as stack:
        for number in range(3):
            await stack.enter_async_context(queue.place(f"own{number}", own_code=True))
        assert (queue.running, queue.waiting) == (1, 2)
        with pytest.raises(QueueFullError):
            await stack.enter_async_context(queue.place("own3", own_code=True))
        place = await stack.enter_async_context(queue.place("scenario"))
        assert place.position == 0


async def test_the_number_of_runs_follows_what_can_be_run() -> None:
    queue = RunQueue(running=1, waiting=10)
    async with AsyncExitStack() as stack:
        places = [await stack.enter_async_context(queue.place(str(it))) for it in range(5)]
        assert [it.position for it in places] == [0, 1, 2, 3, 4]
        queue.resize(3)  # workers came
        assert [it.position for it in places] == [0, 0, 0, 1, 2]
        queue.resize(1)  # and went: those that run go on
        assert [it.position for it in places] == [0, 0, 0, 1, 2]
        queue.resize(0)  # one may try, and hear that there is none
        assert queue.running == 3
    async with queue.place("one") as place:
        assert place.position == 0
    await queue.idle()

"""What begins together ends together."""

import asyncio
from contextlib import aclosing

import pytest

from bot.together import as_they_end, cancel_all, together


async def _after(seconds: float, result: str, ended: list[str]) -> str:
    try:
        await asyncio.sleep(seconds)
    finally:
        ended.append(result)
    return result


async def _fails() -> str:
    raise ValueError("no")


async def test_all_results_come_in_order() -> None:
    works = (_after(0.02 - number / 100, str(number), []) for number in range(3))
    assert await together(works) == ["0", "1", "2"]


async def test_nothing_has_no_results() -> None:
    assert await together(()) == []


async def test_where_one_fails_the_others_have_ended_and_its_own_error_is_raised() -> None:
    ended: list[str] = []
    with pytest.raises(ValueError, match=r"^no$"):
        await together((_after(60, "slow", ended), _fails()))
    assert ended == ["slow"]


async def test_who_is_cancelled_leaves_nothing_behind() -> None:
    ended: list[str] = []
    waiting = asyncio.create_task(together((_after(60, "a", ended), _after(60, "b", ended))))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    waiting.cancel()
    await asyncio.wait([waiting])
    assert waiting.cancelled()
    assert sorted(ended) == ["a", "b"]


async def test_results_come_as_they_are_there_and_only_so_many_at_once() -> None:
    begun: list[int] = []
    gates = [asyncio.Event() for _ in range(4)]

    async def do(number: int) -> int:
        begun.append(number)
        await gates[number].wait()
        return number

    found: list[int] = []
    async with aclosing(as_they_end(do, range(4), at_once=2)) as results:
        gates[1].set()
        found.append(await anext(results))
        gates[2].set()
        found.append(await anext(results))
        assert sorted(begun) == [0, 1, 2, 3]
        gates[0].set()
        gates[3].set()
        found += [one async for one in results]
    assert found[:2] == [1, 2]
    assert sorted(found[2:]) == [0, 3]


async def test_who_leaves_early_leaves_nothing_behind() -> None:
    ended: list[str] = []

    async def do(seconds: float) -> str:
        return await _after(seconds, f"{seconds:g}", ended)

    async with aclosing(as_they_end(do, [60, 0, 61], at_once=2)) as results:
        assert await anext(results) == "0"
        await asyncio.sleep(0)
    assert sorted(ended) == ["0", "60", "61"]


async def test_an_error_ends_the_others() -> None:
    ended: list[str] = []

    async def do(seconds: float) -> str:
        return await (_after(seconds, "slow", ended) if seconds else _fails())

    with pytest.raises(ValueError, match=r"^no$"):
        async with aclosing(as_they_end(do, [60, 0], at_once=2)) as results:
            await anext(results)
    assert ended == ["slow"]


async def test_cancelled_tasks_have_ended_and_their_errors_are_dropped() -> None:
    failing = asyncio.create_task(_fails())
    waiting = asyncio.create_task(asyncio.sleep(60))
    await asyncio.wait({failing})
    await cancel_all({failing, waiting})
    assert waiting.cancelled()

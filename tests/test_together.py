"""What begins together ends together."""

import asyncio

import pytest

from bot.together import together


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

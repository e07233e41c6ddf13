import asyncio

from bot.platforms.discord.answer import FirstAnswerGate


async def test_work_waits_for_first_answers_in_a_rush_and_only_then() -> None:
    gate = FirstAnswerGate()
    answered = [gate.answering() for _ in range(10)]
    assert not gate.on
    for each in answered:
        each.__enter__()
    assert gate.on
    waiting = asyncio.create_task(gate.over())
    await asyncio.sleep(0)
    assert not waiting.done()
    for each in answered:
        each.__exit__(None, None, None)
    await asyncio.wait_for(waiting, 1)
    assert not gate.on


async def test_a_few_at_a_time_take_their_turn() -> None:
    gate = FirstAnswerGate()
    working = most = 0

    async def work() -> None:
        nonlocal working, most
        async with gate.turn():
            working += 1
            most = max(most, working)
            await asyncio.sleep(0)
            working -= 1

    await asyncio.gather(*(work() for _ in range(50)))
    assert most <= 4

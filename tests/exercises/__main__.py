"""Every solution of every exercise, held to its time as well: python -m tests.exercises [PYTHON]...

A solution whose run a busy machine held up is undecided, and is tried again alone. The exit status
is 1 if a right one fails or a wrong one passes, or if too many stay undecided to say anything.
"""

import asyncio
import sys
from pathlib import Path

from bot.runner.host.local import LocalRunner
from bot.tutor.attempts import exemplar_attempt, in_words
from tests.exercises.run_solutions import Judged, Solution, exercises, judged, solutions
from tests.processes import pythons as known_pythons

_AT_ONCE = 4
_MOST_UNDECIDED = 0.1


async def main(pythons: list[str]) -> int:
    """Try them on each Python, by default on every one that is here; return the exit status."""
    wrong = 0
    for python in [*map(Path, pythons)] or [*known_pythons().values()]:
        wrong += await _on(python)
    return int(wrong > 0)


async def _on(python: Path) -> int:
    runner = LocalRunner(python=python)
    await runner.start()
    places = asyncio.Semaphore(_AT_ONCE)

    async def tried(one: Solution) -> tuple[Solution, Judged]:
        async with places:
            return one, await judged(runner, one)

    found = await asyncio.gather(*map(tried, _everything()))
    wrong = undecided = 0
    for one, first in found:
        last = await judged(runner, one) if first.outcome == "late" else first
        wanted = "passes" if one.right else "fails"
        wrong += last.outcome not in {wanted, "late"}
        undecided += last.outcome == "late"
        if last.outcome != wanted:
            sys.stdout.write(f"{python}: {one.name} {last.outcome}: {last.why}\n")
    await runner.close()
    sys.stdout.write(
        f"{python}: {len(found)} solutions, {wrong} not as wanted, {undecided} undecided\n"
    )
    return wrong + int(undecided > _MOST_UNDECIDED * len(found))


def _everything() -> list[Solution]:
    found: list[Solution] = []
    for exercise in exercises().values():
        found += solutions(exercise)
        for locale in exercise.title.languages:
            answer = exemplar_attempt(exercise, locale).answer
            found.append(Solution(exercise, right=True, number=0, answer=answer))
        starter = in_words(exercise, exercise.starter, "en")
        found.append(Solution(exercise, right=False, number=0, answer=starter))
    return found


if __name__ == "__main__":
    sys.exit(asyncio.run(main(sys.argv[1:])))

"""Asks a quiz in a terminal: which time, which order. Answers may come from a pipe, too."""

from collections.abc import Callable

from rich.text import Text as Words

from bot.platforms.terminal.harmless import harmless
from bot.platforms.terminal.reading import Reader
from bot.platforms.terminal.words import TerminalWords
from bot.tutor.model import Guess, Quiz

Print = Callable[[Words], None]

_TRIES = 3
"""Answers that make no sense before a question is passed over."""


async def ask_quiz(quiz: Quiz, reader: Reader, show: Print, say: TerminalWords) -> Guess:
    """Return what the learner predicts; an empty line passes over a question."""
    seconds = await _time(quiz, reader, show, say) if quiz.times else None
    order = await _order(quiz, reader, show, say) if quiz.lines else ()
    return Guess(seconds, order)


async def _time(quiz: Quiz, reader: Reader, show: Print, say: TerminalWords) -> float | None:
    show(Words(f"\n{_plainly(say.how_long)}", style="bold"))
    for number, seconds in enumerate(quiz.times, start=1):
        show(Words(f"{number:>4}  {say.seconds(seconds)}"))
    show(Words(_plainly(say.skip), style="dim"))
    for _ in range(_TRIES):
        answer = await reader.read("? ")
        if not answer or not answer.strip():
            return None
        chosen = chosen_time(answer, quiz.times)
        if chosen is not None:
            return chosen
        show(Words(_plainly(say.pick_one(len(quiz.times))), style="yellow"))
    return None


async def _order(quiz: Quiz, reader: Reader, show: Print, say: TerminalWords) -> tuple[str, ...]:
    show(Words(f"\n{_plainly(say.which_order)}", style="bold"))
    for number, line in enumerate(quiz.lines, start=1):
        show(Words(f"{number:>4}  {harmless(line)}"))
    show(Words(_plainly(say.skip), style="dim"))
    for _ in range(_TRIES):
        answer = await reader.read("? ")
        if not answer or not answer.strip():
            return ()
        chosen = chosen_order(answer, quiz.lines)
        if chosen:
            return chosen
        show(Words(_plainly(say.order_again(len(quiz.lines))), style="yellow"))
    return ()


def chosen_time(answer: str, times: tuple[float, ...]) -> float | None:
    """Return the time that an answer picks by its number, or None."""
    text = answer.strip()
    if text.isdecimal() and 1 <= int(text) <= len(times):
        return times[int(text) - 1]
    return None


def chosen_order(answer: str, lines: tuple[str, ...]) -> tuple[str, ...]:
    """Return the lines in the order of the answer's numbers; none if it lacks or repeats one."""
    numbers = answer.replace(",", " ").split()
    if len(numbers) == 1 and len(lines) < 10 and len(numbers[0]) == len(lines):  # noqa: PLR2004 - one digit each
        numbers = list(numbers[0])
    if not all(number.isdecimal() for number in numbers):
        return ()
    places = [int(number) for number in numbers]
    if sorted(places) != list(range(1, len(lines) + 1)):
        return ()
    return tuple(lines[place - 1] for place in places)


def _plainly(markdown: str) -> str:
    return markdown.replace("`", "").replace("**", "")

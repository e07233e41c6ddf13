"""Asks a quiz in a terminal: which time, which order. Answers may come from a pipe, too."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from rich.text import Text as Words

from bot.platforms.terminal.reading import Reader
from bot.platforms.terminal.words import TerminalWords
from bot.text import visible
from bot.tutor.forms import Guess, Quiz

Print = Callable[[Words], None]
_Answer = TypeVar("_Answer")

_TRIES = 3
"""Answers that make no sense before a question is passed over."""


async def ask_quiz(quiz: Quiz, form: "Questionnaire", say: TerminalWords) -> Guess:
    """Return what the learner predicts; an empty line passes over a question."""
    seconds = await form.pick(say.how_long, quiz.times, [say.seconds(it) for it in quiz.times])
    order = await form.order(quiz) if quiz.lines else ()
    labels = [ending.label for ending in quiz.endings]
    ending = await form.pick(say.how_ends, quiz.endings, labels)
    return Guess(seconds, order, ending.key if ending else None)


class Questionnaire:
    """Asks one question after another."""

    def __init__(self, reader: Reader, show: Print, say: TerminalWords) -> None:
        self._reader = reader
        self._show = show
        self._say = say

    async def pick(
        self, question: str, answers: Sequence[_Answer], labels: Sequence[str]
    ) -> _Answer | None:
        """Return the chosen answer; None where there is nothing to choose, or nothing is chosen."""
        if not answers:
            return None

        def chosen(typed: str) -> _Answer | None:
            return chosen_one(typed, answers)

        return await self.ask(question, labels, chosen, self._say.pick_one(len(answers)))

    async def order(self, quiz: Quiz) -> tuple[str, ...]:
        """Return the lines in the predicted order, without those left out."""
        say, count = self._say, len(quiz.lines)

        def chosen(typed: str) -> tuple[str, ...] | None:
            return chosen_order(typed, quiz.lines, all_of_them=not quiz.decoys) or None

        question = say.which_lines if quiz.decoys else say.which_order
        again = say.lines_again(count) if quiz.decoys else say.order_again(count)
        return await self.ask(question, quiz.lines, chosen, again) or ()

    async def ask(
        self,
        question: str,
        labels: Sequence[str],
        chosen: Callable[[str], _Answer | None],
        again: str,
    ) -> _Answer | None:
        """Return what `chosen` makes of a typed answer; None where nothing is answered.

        :param again: what is said of an answer of which it makes None
        """
        self._show(Words(f"\n{_plainly(question)}", style="bold"))
        for number, label in enumerate(labels, start=1):
            self._show(Words(f"{number:>4}  {visible.line(label)}"))
        self._show(Words(_plainly(self._say.skip), style="dim"))
        for _ in range(_TRIES):
            typed = await self._reader.read("? ")
            if not typed or not typed.strip():
                return None
            if (answer := chosen(typed)) is not None:
                return answer
            self._show(Words(_plainly(again), style="yellow"))
        return None


def chosen_one(answer: str, answers: Sequence[_Answer]) -> _Answer | None:
    """Return what an answer picks by its number, or None."""
    text = answer.strip()
    if text.isdecimal() and 1 <= int(text) <= len(answers):
        return answers[int(text) - 1]
    return None


def chosen_order(
    answer: str, lines: tuple[str, ...], *, all_of_them: bool = True
) -> tuple[str, ...]:
    """Return the lines in the order of the answer's numbers; none if they cannot be meant.

    :param all_of_them: False where lines may be left out; none may come twice
    """
    numbers = answer.replace(",", " ").split()
    if len(numbers) == 1 and len(lines) < 10 and len(numbers[0]) <= len(lines):  # noqa: PLR2004 - one digit each
        numbers = list(numbers[0])
    if not all(number.isdecimal() for number in numbers):
        return ()
    places = [int(number) for number in numbers]
    known = range(1, len(lines) + 1)
    if len(set(places)) < len(places) or not set(places) <= set(known):
        return ()
    if all_of_them and len(places) < len(known):
        return ()
    return tuple(lines[place - 1] for place in places)


def _plainly(markdown: str) -> str:
    return markdown.replace("`", "").replace("**", "")

"""A learner's prediction in the making, on one private message.

Nothing is kept in the bot: what has been chosen so far travels in the custom id of every item
of the message, so a prediction can be finished after a restart.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, Self

import discord
from discord import ui

from bot.platforms.discord.rows import Row, TutorInteraction, button, option, row
from bot.platforms.discord.words import DiscordWords
from bot.tutor.model import Code, Guess, Predict, Quiz, Reply, Text

Action = Literal["time", "line", "ending", "undo", "run"]

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
LINES_LIMIT = len(_DIGITS)
"""A longer sequence is not put in order: only its time is predicted."""
_OPTIONS = 25
_MOST_ENDINGS = 10
"""An ending's place is one digit."""
_SO_FAR = (
    r":(?P<scenario>[a-z][a-z0-9_]{0,31}):(?P<seconds>[0-9.]{0,8}):(?P<order>[0-9a-z]{0,36})"
    r"(?::(?P<ending>[0-9]?))?"
)
MENU_TEMPLATE = re.compile(r"quiz:(?P<action>time|line|ending)" + _SO_FAR)
BUTTON_TEMPLATE = re.compile(r"quiz:(?P<action>undo|run)" + _SO_FAR)


@dataclass(frozen=True, slots=True)
class Prediction:
    """What has been chosen so far."""

    scenario: str
    seconds: str = ""
    """The predicted time as its option says it, or ""."""
    order: str = ""
    """Indexes of the quiz's lines in the chosen order, one digit of base 36 each."""
    ending: str = ""
    """The index of the chosen ending, or ""."""

    @classmethod
    def read(cls, custom_id: str) -> tuple[Action, Self] | None:
        """Return what is to be done, and what had been chosen; None if we never wrote it."""
        found = MENU_TEMPLATE.fullmatch(custom_id) or BUTTON_TEMPLATE.fullmatch(custom_id)
        if found is None:
            return None
        action: Action = found["action"]  # type: ignore[assignment]  # the patterns
        ending = found["ending"] or ""
        return action, cls(found["scenario"], found["seconds"], found["order"], ending)

    def write(self, action: Action) -> str:
        """Return the custom id of the item that does `action`."""
        return f"quiz:{action}:{self.scenario}:{self.seconds}:{self.order}:{self.ending}"

    def fits(self, quiz: Quiz) -> bool:
        """Tell whether it was made for `quiz`, rather than for an older version of it."""
        chosen = self.indexes
        return (
            all(index < len(quiz.lines) for index in chosen)
            and len(set(chosen)) == len(chosen)
            and (not self.ending or int(self.ending) < len(quiz.endings))
            and (not self.seconds or self.seconds in {f"{time:g}" for time in quiz.times})
        )

    @property
    def indexes(self) -> tuple[int, ...]:
        """The chosen lines' places in the quiz."""
        return tuple(_DIGITS.index(digit) for digit in self.order)

    def left(self, quiz: Quiz) -> list[int]:
        """Return the places of the lines that are still to be chosen."""
        if len(quiz.lines) > LINES_LIMIT:
            return []
        return [index for index in range(len(quiz.lines)) if index not in self.indexes]

    def after(self, action: Action, values: Sequence[str], quiz: Quiz) -> "Prediction":
        """Return the prediction with one more choice made, or the last line taken back."""
        value = values[0] if values else ""
        if action == "undo":
            # The last line of an order without decoys was added by itself.
            by_itself = not self.left(quiz) and not quiz.decoys
            keep = len(self.order) - (2 if by_itself else 1)
            return replace(self, order=self.order[: max(0, keep)])
        if action == "time":
            return replace(self, seconds=value)
        if action == "ending":
            return replace(self, ending=value)
        chosen = replace(self, order=self.order + value) if value else self
        left = [] if quiz.decoys else chosen.left(quiz)
        return replace(chosen, order=chosen.order + _DIGITS[left[0]]) if len(left) == 1 else chosen

    def guess(self, quiz: Quiz) -> Guess | None:
        """Return the finished prediction; None while there is none to check."""
        whole = bool(self.order) and (quiz.decoys or not self.left(quiz))
        order = tuple(quiz.lines[index] for index in self.indexes) if whole else ()
        seconds = float(self.seconds) if self.seconds else None
        ending = quiz.endings[int(self.ending)].key if self.ending else None
        if (self.order and not whole) or (seconds is None and not order and ending is None):
            return None
        return Guess(seconds, order, ending)

    def request(self, quiz: Quiz) -> Predict:
        """Return the request that runs the scenario and checks the prediction."""
        return Predict(self.scenario, self.guess(quiz))


class QuizMenu(ui.DynamicItem[ui.Select[ui.LayoutView]], template=MENU_TEMPLATE):
    """Chooses the time, or the next line."""

    @classmethod
    async def from_custom_id(
        cls, _interaction: TutorInteraction, item: ui.Item[Any], _found: re.Match[str]
    ) -> Self:
        """Take up the menu of a message sent earlier."""
        assert isinstance(item, ui.Select)
        return cls(item)

    async def callback(self, interaction: TutorInteraction) -> None:
        """Take note of the choice."""
        await interaction.client.handlers.predicted(interaction, self.custom_id, self.item.values)


class QuizButton(ui.DynamicItem[ui.Button[ui.LayoutView]], template=BUTTON_TEMPLATE):
    """Takes back a line, or runs the scenario."""

    @classmethod
    async def from_custom_id(
        cls, _interaction: TutorInteraction, item: ui.Item[Any], _found: re.Match[str]
    ) -> Self:
        """Take up the button of a message sent earlier."""
        assert isinstance(item, ui.Button)
        return cls(item)

    async def callback(self, interaction: TutorInteraction) -> None:
        """Do it."""
        await interaction.client.handlers.predicted(interaction, self.custom_id, ())


def with_prediction(reply: Reply, made: Prediction, words: DiscordWords) -> Reply:
    """Return the quiz's reply with what has been chosen so far."""
    quiz = quiz_of(reply)
    if quiz is None:
        return reply
    parts: list[Text | Code] = []
    if made.seconds:
        parts.append(Text(words.quiz_chosen_time.format(seconds=made.seconds)))
    if made.order:
        lines = [f"{at}. {quiz.lines[index]}" for at, index in enumerate(made.indexes, 1)]
        parts += [Text(words.quiz_order), Code("\n".join(lines), "text")]
        if quiz.decoys and made.left(quiz):
            parts.append(Text(words.quiz_left_out))
    if made.ending:
        label = quiz.endings[int(made.ending)].label
        parts.append(Text(words.quiz_chosen_ending.format(ending=label)))
    return replace(reply, parts=(*reply.parts, *parts))


def quiz_of(reply: Reply) -> Quiz | None:
    """Return the quiz that `reply` asks, if it does."""
    return next((part for part in reply.parts if isinstance(part, Quiz)), None)


def quiz_rows(quiz: Quiz, made: Prediction, words: DiscordWords) -> list[Row]:
    """Return the menus and buttons that go on with a prediction."""
    rows: list[Row] = []
    if quiz.times:
        rows.append(row(QuizMenu(_times(quiz, made, words))))
    left = made.left(quiz)
    if left:
        rows.append(row(QuizMenu(_lines(quiz, made, left, words))))
    if quiz.endings:
        rows.append(row(QuizMenu(_endings(quiz, made, words))))
    rows.append(
        row(
            QuizButton(
                button(
                    words.quiz_run,
                    made.write("run"),
                    style=discord.ButtonStyle.success,
                    disabled=made.guess(quiz) is None,
                )
            ),
            QuizButton(button(words.quiz_undo, made.write("undo"), disabled=not made.order)),
        )
    )
    return rows


def _times(quiz: Quiz, made: Prediction, words: DiscordWords) -> ui.Select[ui.LayoutView]:
    """Return the menu of times."""
    menu: ui.Select[ui.LayoutView] = ui.Select(
        custom_id=made.write("time"), placeholder=words.quiz_time
    )
    for text in dict.fromkeys(f"{time:g}" for time in quiz.times[:_OPTIONS]):
        chosen = option(words.seconds.format(seconds=text), text)
        chosen.default = text == made.seconds
        menu.append_option(chosen)
    return menu


def _endings(quiz: Quiz, made: Prediction, words: DiscordWords) -> ui.Select[ui.LayoutView]:
    """Return the menu of endings."""
    menu: ui.Select[ui.LayoutView] = ui.Select(
        custom_id=made.write("ending"), placeholder=words.quiz_ending
    )
    for number, ending in enumerate(quiz.endings[:_MOST_ENDINGS]):
        chosen = option(ending.label, str(number))
        chosen.default = str(number) == made.ending
        menu.append_option(chosen)
    return menu


def _lines(
    quiz: Quiz, made: Prediction, left: Sequence[int], words: DiscordWords
) -> ui.Select[ui.LayoutView]:
    """Return the menu of the lines that are still to be put in order."""
    question = words.quiz_line_or_none if quiz.decoys else words.quiz_line
    return ui.Select(
        custom_id=made.write("line"),
        placeholder=question.format(position=len(made.order) + 1),
        options=[option(quiz.lines[index], _DIGITS[index]) for index in left[:_OPTIONS]],
    )

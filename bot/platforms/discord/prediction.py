"""A learner's prediction: a button under the quiz opens a form, which runs the scenario."""

from collections.abc import Mapping, Sequence
from string import ascii_uppercase
from typing import Any

import discord
from discord import ui

from bot.languages import Locale
from bot.platforms.discord import escape
from bot.platforms.discord.blocks import Fence, fit
from bot.platforms.discord.forms import LABEL, OPTION, FormId, form_template, modal, version_of
from bot.platforms.discord.rows import Remade, Row, TutorInteraction, button, row
from bot.platforms.discord.words import DiscordWords
from bot.tutor.forms import Guess, Quiz
from bot.tutor.model import Code, Reply

QUIZ_TEMPLATE = form_template("guess")
_FEWEST_RADIOS, _MOST_RADIOS, _OPTIONS = 2, 10, 25
"""Discord's limits of a form (https://discord.com/developers/docs/components/reference)."""
_TEXT = 3_600
"""UTF-16 units of the form's texts in all; Discord takes 4,000."""


class QuizButton(Remade, ui.DynamicItem[ui.Button[ui.LayoutView]], template=QUIZ_TEMPLATE):
    """Opens the form."""

    async def callback(self, interaction: TutorInteraction) -> None:
        """Open it: this must be the first answer to the press."""
        await interaction.client.handlers.quizzed(interaction, self.custom_id)


def quiz_version(quiz: Quiz) -> str:
    """Return what tells this quiz from one of a changed lesson."""
    return version_of((quiz.times, quiz.orders, [ending.key for ending in quiz.endings]))


def quiz_of(reply: Reply) -> Quiz | None:
    """Return the quiz that `reply` asks, if it does."""
    return next((part for part in reply.parts if isinstance(part, Quiz)), None)


def quiz_rows(quiz: Quiz, words: DiscordWords, locale: Locale | None) -> list[Row]:
    """Return the button that opens the form; none where nothing can be chosen in it."""
    if not (quiz.times or quiz.orders or quiz.endings):
        return []
    custom_id = FormId("guess", quiz.scenario, quiz_version(quiz), locale).write()
    style = discord.ButtonStyle.success
    return [row(QuizButton(button(words.quiz_open, custom_id, style=style)))]


def form(reply: Reply, quiz: Quiz, words: DiscordWords, asked: FormId) -> ui.Modal:
    """Return the form: the code and the orders to read, and the time, order and ending to choose.

    On a phone the form covers the message, so the code stands in it again where it fits.
    """
    made = modal(words.quiz_form, asked.write())
    for text in _texts(reply, quiz, words):
        made.add_item(ui.TextDisplay(text))
    times = [(words.exactly(f"{it:g}"), f"{it:g}") for it in quiz.times]
    orders = [(letter, str(index)) for index, letter in _lettered(quiz)]
    endings = [(it.label, str(index)) for index, it in enumerate(quiz.endings)]
    for name, question, options in (
        ("time", words.quiz_time, times),
        ("order", words.quiz_which_order, orders),
        ("ending", words.quiz_ending, endings),
    ):
        if options:
            made.add_item(ui.Label(text=question[:LABEL], component=_choice(name, options)))
    return made


def guess_of(quiz: Quiz, values: Mapping[str, str]) -> Guess | None:
    """Return the prediction that a form was sent with; None where nothing was chosen."""
    times = {f"{it:g}": it for it in quiz.times}
    orders = {str(index): order for index, order in enumerate(quiz.orders)}
    endings = {str(index): it.key for index, it in enumerate(quiz.endings)}
    seconds = times.get(values.get("time", ""))
    order = orders.get(values.get("order", ""), ())
    ending = endings.get(values.get("ending", ""))
    if seconds is None and not order and ending is None:
        return None
    return Guess(seconds, order, ending)


def _texts(reply: Reply, quiz: Quiz, words: DiscordWords) -> list[str]:
    """Return the texts to read in the form, the code only if all is whole with it."""
    orders = [
        line
        for index, letter in _lettered(quiz)
        for line in (*([""] if index else []), letter, *quiz.orders[index])
    ]
    code = [
        Fence(tuple(part.text.rstrip("\n").split("\n")), "py", words.left_out)
        for part in reply.parts
        if isinstance(part, Code)
    ][:1]
    listed = [Fence(tuple(orders), "", words.left_out)] if orders else []
    whole, shortened = fit([*code, *listed], _TEXT)
    return [text for text in (fit(listed, _TEXT)[0] if shortened else whole) if text]


def _lettered(quiz: Quiz) -> list[tuple[int, str]]:
    """Return the orders' places and letters."""
    return list(enumerate(ascii_uppercase[: min(len(quiz.orders), _MOST_RADIOS)]))


def _choice(custom_id: str, options: Sequence[tuple[str, str]]) -> ui.Item[Any]:
    """Return a choice of one of `options` (label, value): all to be seen, or in a menu."""
    shown = {
        value: escape.clip(escape.one_line(label), OPTION) or "…"
        for label, value in options[:_OPTIONS]
    }
    if _FEWEST_RADIOS <= len(shown) <= _MOST_RADIOS:
        radios = [discord.RadioGroupOption(label=it, value=value) for value, it in shown.items()]
        return ui.RadioGroup(custom_id=custom_id, required=False, options=radios)
    menu: ui.Select[Any] = ui.Select(custom_id=custom_id, required=False, min_values=0)
    for value, label in shown.items():
        menu.add_option(label=label, value=value)
    return menu

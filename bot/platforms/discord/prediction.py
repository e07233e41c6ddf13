"""A learner's prediction: a button under the quiz opens a form, and sending it runs the scenario.

Nothing is kept in the bot: the form's custom id names the scenario and the version of its quiz, so
a form can be sent after a restart, and one that was opened before a lesson changed is noticed.
"""

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from string import ascii_uppercase
from typing import Any, Self

import discord
from discord import ui

from bot.languages import Locale, locales
from bot.platforms.discord import custom_ids, escape
from bot.platforms.discord.blocks import Fence, fit
from bot.platforms.discord.rows import Remade, Row, TutorInteraction, button, row
from bot.platforms.discord.words import DiscordWords
from bot.tutor.forms import Guess, Quiz
from bot.tutor.model import Code, Reply

QUIZ_TEMPLATE = re.compile(
    rf"guess{custom_ids.CHOSEN_LANGUAGE}:(?P<scenario>[a-z][a-z0-9_]{{0,31}})"
    r":(?P<version>[0-9a-f]{8})"
)
_FEWEST_RADIOS, _MOST_RADIOS, _OPTIONS, _LABEL, _OPTION = 2, 10, 25, 45, 100
"""Discord's limits of a form (https://discord.com/developers/docs/components/reference)."""
_TEXT = 3_600
"""UTF-16 units of the form's texts in all; Discord takes 4,000."""


@dataclass(frozen=True, slots=True)
class QuizId:
    """What the button and the form carry."""

    scenario: str
    version: str
    locale: Locale | None

    @classmethod
    def of(cls, quiz: Quiz, locale: Locale | None) -> Self:
        """Return the id of this quiz, asked in a language that was chosen."""
        return cls(quiz.scenario, quiz_version(quiz), locale)

    @classmethod
    def read(cls, custom_id: str) -> Self | None:
        """Return what a custom id holds; None if no version of ours wrote it."""
        found = QUIZ_TEMPLATE.fullmatch(custom_id)
        if found is None:
            return None
        locale: Locale | None = found["locale"] if found["locale"] in locales() else None
        return cls(found["scenario"], found["version"], locale)

    def write(self) -> str:
        """Return the custom id that holds this."""
        return f"guess{'~' + self.locale if self.locale else ''}:{self.scenario}:{self.version}"


class QuizButton(Remade, ui.DynamicItem[ui.Button[ui.LayoutView]], template=QUIZ_TEMPLATE):
    """Opens the form."""

    async def callback(self, interaction: TutorInteraction) -> None:
        """Open it: this must be the first answer to the press."""
        await interaction.client.handlers.quizzed(interaction, self.custom_id)


def quiz_version(quiz: Quiz) -> str:
    """Return what tells this quiz from one of a changed lesson."""
    asked = repr((quiz.times, quiz.orders, [ending.key for ending in quiz.endings]))
    return hashlib.sha256(asked.encode("utf-8", "replace")).hexdigest()[:8]


def quiz_of(reply: Reply) -> Quiz | None:
    """Return the quiz that `reply` asks, if it does."""
    return next((part for part in reply.parts if isinstance(part, Quiz)), None)


def quiz_rows(quiz: Quiz, words: DiscordWords, locale: Locale | None) -> list[Row]:
    """Return the button that opens the form; none where nothing can be chosen in it."""
    if not (quiz.times or quiz.orders or quiz.endings):
        return []
    custom_id = QuizId.of(quiz, locale).write()
    style = discord.ButtonStyle.success
    return [row(QuizButton(button(words.quiz_open, custom_id, style=style)))]


def form(reply: Reply, quiz: Quiz, words: DiscordWords, locale: Locale | None) -> ui.Modal:
    """Return the form: the code and the orders to read, and the time, order and ending to choose.

    On a phone the form covers the message, so the code stands in it again where it fits.
    """
    modal = ui.Modal(title=words.quiz_form[:_LABEL], custom_id=QuizId.of(quiz, locale).write())
    # discord.py would hold a form until it is sent; a learner may never do that.
    modal.stop()
    for text in _texts(reply, quiz, words):
        modal.add_item(ui.TextDisplay(text))
    times = [(words.exactly(f"{it:g}"), f"{it:g}") for it in quiz.times]
    orders = [(letter, str(index)) for index, letter in _lettered(quiz)]
    endings = [(it.label, str(index)) for index, it in enumerate(quiz.endings)]
    for name, question, options in (
        ("time", words.quiz_time, times),
        ("order", words.quiz_which_order, orders),
        ("ending", words.quiz_ending, endings),
    ):
        if options:
            modal.add_item(ui.Label(text=question[:_LABEL], component=_choice(name, options)))
    return modal


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


def values_of(data: Any) -> dict[str, str]:
    """Return what was chosen in a form, by the choice's custom id, from what Discord sends."""
    found: dict[str, str] = {}
    for each in _components(data):
        chosen = each.get("value") or next(iter(each.get("values") or ()), None)
        if isinstance(each.get("custom_id"), str) and isinstance(chosen, str):
            found[each["custom_id"]] = chosen
    return found


def _components(data: Any) -> Iterator[dict[str, Any]]:
    """Yield a sent form's components, those inside of labels too."""
    for each in data.get("components") or () if isinstance(data, dict) else ():
        if isinstance(each, dict):
            yield each
            if isinstance(each.get("component"), dict):
                yield each["component"]


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
        value: escape.clip(escape.one_line(label), _OPTION) or "…"
        for label, value in options[:_OPTIONS]
    }
    if _FEWEST_RADIOS <= len(shown) <= _MOST_RADIOS:
        radios = [discord.RadioGroupOption(label=it, value=value) for value, it in shown.items()]
        return ui.RadioGroup(custom_id=custom_id, required=False, options=radios)
    menu: ui.Select[Any] = ui.Select(custom_id=custom_id, required=False, min_values=0)
    for value, label in shown.items():
        menu.add_option(label=label, value=value)
    return menu

"""An exercise's answer on Discord: a button under the task opens a form, sending it hands it in.

Nothing is kept in the bot: the custom id names the exercise and the version of its form, so a form
can be sent after a restart, and one that was opened before a lesson changed is noticed.
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from string import ascii_uppercase
from typing import Any, Self

import discord
from discord import ui

from bot.lessons.model import LOCALES, Locale
from bot.platforms.discord import escape
from bot.platforms.discord.blocks import Block, Fence, Prose
from bot.platforms.discord.rows import Remade, Row, TutorInteraction, button, row
from bot.platforms.discord.words import DiscordExerciseWords, DiscordWords
from bot.tutor.forms import BlocksForm, Editor, NumberForm, ReasonsForm
from bot.tutor.model import Part, Reply

SOLVE_TEMPLATE = re.compile(
    rf"solve(?:~(?P<locale>{'|'.join(LOCALES)}))?:(?P<exercise>[a-z][a-z0-9_]{{0,31}})"
    r":(?P<version>[0-9a-f]{8})"
)
_MOST_TYPED, _LABEL, _OPTION = 4_000, 45, 100
"""Discord's limits of a form (https://discord.com/developers/docs/components/reference)."""

SolveForm = BlocksForm | Editor | NumberForm | ReasonsForm


@dataclass(frozen=True, slots=True)
class SolveId:
    """What the button and the form carry."""

    exercise: str
    version: str
    locale: Locale | None

    @classmethod
    def read(cls, custom_id: str) -> Self | None:
        """Return what a custom id holds; None if no version of ours wrote it."""
        found = SOLVE_TEMPLATE.fullmatch(custom_id)
        if found is None:
            return None
        locale: Locale | None = found["locale"]
        return cls(found["exercise"], found["version"], locale)

    def write(self) -> str:
        """Return the custom id that holds this."""
        return f"solve{'~' + self.locale if self.locale else ''}:{self.exercise}:{self.version}"


class SolveButton(Remade, ui.DynamicItem[ui.Button[ui.LayoutView]], template=SOLVE_TEMPLATE):
    """Opens the form."""

    async def callback(self, interaction: TutorInteraction) -> None:
        """Open it: this must be the first answer to the press."""
        await interaction.client.exercises.open(interaction, self.custom_id)


def solve_form_of(reply: Reply) -> SolveForm | None:
    """Return the form of the exercise that a reply sets, if it does."""
    forms = (part for part in reply.parts if isinstance(part, SolveForm))
    return next((it for it in forms if it.exercise), None)


def solve_form_version(form: SolveForm) -> str:
    """Return what tells this form from that of a changed lesson."""
    return hashlib.sha256(repr(form).encode("utf-8", "replace")).hexdigest()[:8]


def solve_rows(form: SolveForm, words: DiscordExerciseWords, locale: Locale | None) -> list[Row]:
    """Return the button that opens the form, for a learner who chose a language or none."""
    custom_id = SolveId(form.exercise, solve_form_version(form), locale).write()
    style = discord.ButtonStyle.success
    return [row(SolveButton(button(words.answer, custom_id, style=style)))]


def exercise_texts(part: Part, words: DiscordWords) -> list[Block]:
    """Return what of a form is read in the message: blocks and reasons, each with its letter."""
    if isinstance(part, BlocksForm):
        return [
            block
            for letter, code in zip(ascii_uppercase, part.blocks, strict=False)
            for block in (
                Prose(f"**{letter}**"),
                Fence(tuple(code.rstrip("\n").split("\n")), "py", words.left_out),
            )
        ]
    if isinstance(part, ReasonsForm):
        return [
            Prose(reason.text, before=f"**{letter}** ")
            for letter, reason in zip(ascii_uppercase, part.reasons, strict=False)
        ]
    return []


def solve_modal(form: SolveForm, solve: SolveId, say: DiscordExerciseWords) -> ui.Modal:
    """Return the form to fill in."""
    modal = ui.Modal(title=say.answer[:_LABEL], custom_id=solve.write())
    # discord.py would hold a form until it is sent; a learner may never do that.
    modal.stop()
    match form:
        case Editor():
            modal.add_item(ui.Label(text=say.code[:_LABEL], component=_typed(form.code)))
            upload: ui.FileUpload[ui.Modal] = ui.FileUpload(
                custom_id="file", required=False, min_values=0, max_values=1
            )
            modal.add_item(ui.Label(text=say.file, description=say.file_about, component=upload))
        case NumberForm():
            number: ui.TextInput[ui.Modal] = ui.TextInput(custom_id="code", max_length=8)
            modal.add_item(ui.Label(text=form.name[:_LABEL], component=number))
        case ReasonsForm():
            radios = [
                discord.RadioGroupOption(
                    label=escape.clip(f"{letter}  {escape.one_line(it.text)}", _OPTION), value=it.id
                )
                for letter, it in zip(ascii_uppercase, form.reasons, strict=False)
            ]
            group: ui.RadioGroup[ui.Modal] = ui.RadioGroup(custom_id="reason", options=radios)
            modal.add_item(ui.Label(text=say.reason[:_LABEL], component=group))
        case BlocksForm():
            for place in range(1, form.places + 1):
                text = say.place.format(number=place)[:_LABEL]
                modal.add_item(ui.Label(text=text, component=_menu(form, place, say)))
    return modal


def _typed(code: str) -> ui.TextInput[ui.Modal]:
    fits = escape.size(code) <= _MOST_TYPED
    return ui.TextInput(
        style=discord.TextStyle.paragraph,
        custom_id="code",
        default=code if fits and code else None,
        required=False,
        max_length=_MOST_TYPED,
    )


def _menu(form: BlocksForm, place: int, say: DiscordExerciseWords) -> ui.Select[Any]:
    """Return the menu for one place: every block by its letter and how it begins."""
    menu: ui.Select[Any] = ui.Select(
        custom_id=f"place{place}", required=False, min_values=0, placeholder=say.nothing
    )
    for number, code in enumerate(form.blocks):
        label = f"{ascii_uppercase[number]}  {' '.join(code.split())}"
        menu.add_option(label=escape.clip(escape.one_line(label), _OPTION), value=str(number))
    return menu


def handed_in(form: SolveForm, values: Mapping[str, str]) -> str:
    """Return the answer that a form was sent with; "" where nothing was given."""
    match form:
        case BlocksForm():
            chosen = (values.get(f"place{place}", "") for place in range(1, form.places + 1))
            order = [int(it) for it in chosen if it.isdecimal() and int(it) < len(form.blocks)]
            return form.program(order) if order else ""
        case ReasonsForm():
            return values.get("reason", "")
        case Editor() | NumberForm():
            return values.get("code", "")

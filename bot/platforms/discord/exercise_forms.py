"""An exercise's answer on Discord: a button under the task opens a form, which hands it in."""

from collections.abc import Mapping
from string import ascii_uppercase
from typing import Any

import discord
from discord import ui

from bot.lessons.model import Locale
from bot.platforms.discord import escape
from bot.platforms.discord.blocks import Block, Fence, Prose
from bot.platforms.discord.forms import (
    LABEL,
    OPTION,
    FormId,
    ask_code,
    ask_file,
    form_template,
    modal,
    version_of,
)
from bot.platforms.discord.rows import Remade, Row, TutorInteraction, button, row
from bot.platforms.discord.words import DiscordExerciseWords, DiscordWords
from bot.tutor.forms import BlocksForm, Editor, NumberForm, ReasonsForm
from bot.tutor.model import Part, Reply

SOLVE_TEMPLATE = form_template("solve")

SolveForm = BlocksForm | Editor | NumberForm | ReasonsForm


class SolveButton(Remade, ui.DynamicItem[ui.Button[ui.LayoutView]], template=SOLVE_TEMPLATE):
    """Opens the form."""

    async def callback(self, interaction: TutorInteraction) -> None:
        """Open it: this must be the first answer to the press."""
        await interaction.client.exercises.open(interaction, self.custom_id)


def solve_form_of(reply: Reply) -> SolveForm | None:
    """Return the form of the exercise that a reply sets, if it does."""
    forms = (part for part in reply.parts if isinstance(part, SolveForm))
    return next((it for it in forms if it.exercise), None)


def solve_rows(form: SolveForm, words: DiscordExerciseWords, locale: Locale | None) -> list[Row]:
    """Return the button that opens the form, for a learner who chose a language or none."""
    custom_id = FormId("solve", form.exercise, version_of(form), locale).write()
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


def solve_modal(form: SolveForm, asked: FormId, say: DiscordExerciseWords) -> ui.Modal:
    """Return the form to fill in."""
    made = modal(say.answer, asked.write())
    match form:
        case Editor():
            ask_code(made, form.code, say.code)
            ask_file(made, say.file, say.file_about)
        case NumberForm():
            number: ui.TextInput[ui.Modal] = ui.TextInput(custom_id="code", max_length=8)
            made.add_item(ui.Label(text=form.name[:LABEL], component=number))
        case ReasonsForm():
            radios = [
                discord.RadioGroupOption(
                    label=escape.clip(f"{letter}  {escape.one_line(it.text)}", OPTION), value=it.id
                )
                for letter, it in zip(ascii_uppercase, form.reasons, strict=False)
            ]
            group: ui.RadioGroup[ui.Modal] = ui.RadioGroup(custom_id="reason", options=radios)
            made.add_item(ui.Label(text=say.reason[:LABEL], component=group))
        case BlocksForm():
            for place in range(1, form.places + 1):
                text = say.place.format(number=place)[:LABEL]
                made.add_item(ui.Label(text=text, component=_menu(form, place, say)))
    return made


def _menu(form: BlocksForm, place: int, say: DiscordExerciseWords) -> ui.Select[Any]:
    """Return the menu for one place: every block by its letter and how it begins."""
    menu: ui.Select[Any] = ui.Select(
        custom_id=f"place{place}", required=False, min_values=0, placeholder=say.nothing
    )
    for number, code in enumerate(form.blocks):
        label = f"{ascii_uppercase[number]}  {' '.join(code.split())}"
        menu.add_option(label=escape.clip(escape.one_line(label), OPTION), value=str(number))
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

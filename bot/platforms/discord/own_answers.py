"""The rows below an answer, with which its asker stops, deletes, shares and translates it.

Nothing is kept for it but the runs under way. Whose answer a message is, Discord says with each
press; that press's own webhook may delete the message; what is shared is copied from the message.
"""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Literal

import discord
import structlog
from discord import ui

from bot.languages import Locale, own_name
from bot.platforms.delivery import Delivery
from bot.platforms.discord import custom_ids
from bot.platforms.discord.admission import Admission
from bot.platforms.discord.asker import answered_by, is_own
from bot.platforms.discord.connection import UNREACHABLE
from bot.platforms.discord.custom_ids import Chosen
from bot.platforms.discord.message_slot import MessageSlot, MessageSlotError
from bot.platforms.discord.own_code_message import edit_rows, holds_own_code
from bot.platforms.discord.received import shown_files
from bot.platforms.discord.render import Attachment, Rendered, render, unheld_view
from bot.platforms.discord.replay import replay_in, replay_items
from bot.platforms.discord.rows import Remade, Row, TutorInteraction, button, row
from bot.platforms.discord.words import DiscordWords, OwnCodeFormWords
from bot.tutor.commands import command_of
from bot.tutor.model import Ask, Note, Predict, Reply, Request, Solve, Try

Action = Literal["stop", "delete", "share"]
ACTION_TEMPLATE = re.compile(r"own:(?P<action>stop|delete|share)")


class OwnButton(Remade, ui.DynamicItem[ui.Button[ui.LayoutView]], template=ACTION_TEMPLATE):
    """Stops, deletes or shares the answer that it stands under."""

    async def callback(self, interaction: TutorInteraction) -> None:
        """Do it, if the asker pressed it."""
        action: Action = self.custom_id.partition(":")[2]  # type: ignore[assignment]  # the template
        await interaction.client.handlers.own.manage(interaction, action)


class SwitchButton(
    Remade, ui.DynamicItem[ui.Button[ui.LayoutView]], template=custom_ids.SWITCH_TEMPLATE
):
    """Answers the same in the other language."""

    async def callback(self, interaction: TutorInteraction) -> None:
        """Answer the user who pressed it."""
        await interaction.client.handlers.switched(interaction, self.custom_id)


def own_row(
    request: Request,
    locale: Locale,
    *,
    final: bool,
    private: bool,
    shareable: bool,
    report: str,
    first: Sequence[ui.Item[Any]] = (),
    replay: bool = False,
) -> list[Row]:
    """Return the row under an answer with which its asker is in charge of it.

    :param private: only the asker sees the answer
    :param shareable: others may see it if the asker wants that
    :param report: where to report a mistake; "" for nowhere
    :param first: what stands before all else once the answer is final
    :param replay: the answer shows a run moving, and does so in the other language
    """
    words = DiscordWords(locale)
    items: list[ui.Item[Any]] = []
    if not final:
        items.append(OwnButton(button(words.stop, "own:stop", style=discord.ButtonStyle.danger)))
        return [row(*items)]
    other = "ko" if locale == "en" else "en"
    items += first
    switch = custom_ids.write(request, Chosen(other, private=shareable), verb="turn")
    if replay:
        items += replay_in(own_name(other), other, request, private=shareable)
    elif switch is not None:
        items.append(SwitchButton(button(own_name(other), switch)))
    if shareable:
        items.append(OwnButton(button(words.share, "own:share")))
    if not private:
        items.append(OwnButton(button(words.delete, "own:delete")))
    if report:
        items.append(ui.Button(label=words.report, url=report))
    return [row(*items)] if items else []


class Runs:
    """The answers under way, by the interaction that asked: for those who stop theirs."""

    def __init__(self) -> None:
        self._open: dict[int, Delivery] = {}

    @contextmanager
    def open(
        self, interaction: TutorInteraction, delivery: Delivery, *, in_place: bool
    ) -> Iterator[None]:
        """Hold an answer until it is over."""
        key = answered_by(interaction, in_place=in_place)
        self._open[key] = delivery
        try:
            yield
        finally:
            if self._open.get(key) is delivery:
                del self._open[key]

    def of(self, interaction: TutorInteraction) -> Delivery | None:
        """Return the answer under way whose message was pressed; None where there is none."""
        return self._open.get(answered_by(interaction, in_place=True))


class OwnAnswers:
    """Does to an answer what its asker wants."""

    def __init__(self, admission: Admission) -> None:
        self._admission = admission
        self._log = structlog.get_logger(__name__)
        self.runs = Runs()

    async def manage(self, interaction: TutorInteraction, action: Action) -> None:
        """Stop, delete or share an answer, for the user who asked for it."""
        locale = self._admission.locale(interaction)
        words = DiscordWords(locale)
        if await self._admission.refused(interaction, words):
            return
        if not is_own(interaction):
            await self._admission.tell(interaction, Note(words.not_yours, "warning"))
            return
        delivery = self.runs.of(interaction)
        try:
            if action == "share":
                await self._share(interaction, words)
            elif action == "stop" and delivery is None:
                await self._admission.tell(interaction, Note(words.not_running, "warning"))
            elif action == "stop" and delivery is not None:
                await MessageSlot(interaction, in_place=True).acknowledge(private=False)
                delivery.end(Note(words.stopped_by_asker, "warning"))
            else:
                await MessageSlot(interaction, in_place=True).delete()
        except MessageSlotError as error:
            self._log.warning("answer not shown", cause=str(error))

    async def _share(self, interaction: TutorInteraction, words: DiscordWords) -> None:
        """Copy a private answer, with its files, to where all can see it."""
        assert interaction.message is not None
        own_code = interaction.client.own_code
        if holds_own_code(interaction.message) and not await own_code.may_share(interaction):
            await self._admission.tell(interaction, Note(words.sharing_off, "warning"))
            return
        slot = MessageSlot(interaction)
        await slot.acknowledge(private=False)
        try:
            files = [
                Attachment(name, await interaction.client.http.get_from_cdn(address), description)
                for name, address, description in shown_files(interaction.message)
            ]
        except UNREACHABLE as error:
            self._log.warning("answer not shared", cause=f"{type(error).__name__}: {error}")
            gone = Reply((Note(words.not_shared, "warning"),), private=True, failed=True)
            await slot.turn_private(render(gone, self._admission.locale(interaction)))
            return
        await slot.update(copied(interaction.message, files, words))


def copied(message: discord.Message, files: Sequence[Attachment], words: DiscordWords) -> Rendered:
    """Return a copy of a private message, with its files, for all to see."""
    view = unheld_view()
    names = iter([each.name for each in files])
    for item in ui.LayoutView.from_message(message, timeout=None).children:
        if not isinstance(item, ui.ActionRow):
            view.add_item(item)
            continue
        kept = [each for each in item.children if not _sharing(each)]
        if kept:
            view.add_item(row(*kept))
    for item in view.walk_children():
        if isinstance(item, ui.MediaGallery):
            for picture in item.items:
                picture.media = f"attachment://{next(names)}"
        elif isinstance(item, ui.File):
            item.media = discord.UnfurledMediaItem(f"attachment://{next(names)}")
    view.add_item(row(OwnButton(button(words.delete, "own:delete"))))
    return Rendered(view, tuple(files))


def _sharing(item: ui.Item[Any]) -> bool:
    """Tell whether an item is of use to the asker of a private answer alone."""
    return isinstance(item, ui.Button) and item.custom_id in {"own:share", "own:delete"}


def repeated(request: Request) -> Request:
    """Return what asks the same: a prediction is made again rather than checked once more."""
    if isinstance(request, Solve):
        return Solve(request.name)
    return Predict(request.name) if isinstance(request, Predict) else request


def rows_below(reply: Reply, ask: Ask, chosen: Chosen, report: str) -> list[Row]:
    """Return the rows below an answer.

    :param chosen: what the asker chose, for the buttons to carry on
    :param report: the address under *Report a mistake*; "" for none
    """
    own_code = isinstance(ask.what, Try)
    alone = command_of(ask.what).private
    replays = [] if ask.replay else replay_items(reply, ask.what, DiscordWords(ask.locale), chosen)
    rows = edit_rows(reply, OwnCodeFormWords(ask.locale), chosen.locale) if own_code else []
    return rows + own_row(
        repeated(ask.what),
        ask.locale,
        final=reply.final,
        private=(alone or chosen.private or reply.private) and not own_code,
        shareable=reply.shareable or (chosen.private and not (alone or reply.private)),
        report=report,
        first=replays,
        replay=ask.replay,
    )

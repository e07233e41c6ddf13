"""A `Reply` as a Discord message: a Components V2 layout within Discord's limits.

Pure but for the view objects, which need a running loop. It decides nothing: what to say and
what to offer stands in the reply.

Limits (https://discord.com/developers/docs/components/reference): 4,000 characters of text in
all, 40 components, 5 buttons a row, 25 options a menu, 10 MiB a file, 1,024 characters of
alternative text.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO

import discord
from discord import ui

from bot.languages import Locale
from bot.platforms.discord import custom_ids, escape
from bot.platforms.discord.blocks import Block, Fence, Prose, fit
from bot.platforms.discord.exercise_forms import exercise_texts
from bot.platforms.discord.printed import sequence, table, without_marks
from bot.platforms.discord.rows import (
    OUTPUT_FILE,
    PICTURE_FILE,
    REPLAY_FILE,
    choice_rows,
    link_rows,
    output_row,
)
from bot.platforms.discord.words import DiscordWords
from bot.runner.model import Outcome
from bot.tutor.forms import BlocksForm, Editor, NumberForm, Quiz, ReasonsForm
from bot.tutor.grammar import spell
from bot.tutor.model import (
    Choice,
    Choices,
    Code,
    CourseMap,
    Fold,
    Heading,
    Note,
    PageLink,
    Part,
    Reply,
    Table,
    Text,
    Try,
)
from bot.tutor.run_parts import Measured, Picture
from bot.tutor.run_parts import Sequence as Printed
from bot.tutor.words.alt import ALT_LIMIT

MESSAGE_TEXT_LIMIT = 3_800
"""UTF-16 units of text in all. Discord's limit is 4,000; the rest is for our own short lines."""
FILE_LIMIT = 8 * 2**20
"""Bytes of a text file; Discord takes 10 MiB in all."""

_SIGNS = {"info": "ℹ️", "good": "✅", "warning": "⚠️", "error": "❌"}  # noqa: RUF001 - an emoji
_BLUE, _GREEN, _AMBER, _RED = 0x3B7DD8, 0x2E9E5B, 0xD9912B, 0xC8403A


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes with a message."""

    name: str
    data: bytes
    description: str = ""


@dataclass(frozen=True, slots=True)
class Rendered:
    """A message, ready to be sent. Its files can be opened again for each attempt."""

    view: ui.LayoutView
    attachments: tuple[Attachment, ...] = ()


@dataclass(frozen=True, slots=True)
class Underway:
    """What stands under a reply that is not final."""

    since: int
    """When it was asked, in seconds since the Unix epoch."""
    again: Choice | None
    """Asks the same once more, for those who find the message abandoned."""


def render(
    reply: Reply,
    locale: Locale,
    *,
    picture: bytes | None = None,
    underway: Underway | None = None,
    extra: Sequence[ui.ActionRow[ui.LayoutView]] = (),
    below: Sequence[ui.ActionRow[ui.LayoutView]] = (),
    chosen: custom_ids.Chosen | None = None,
    commands: Mapping[str, int] | None = None,
) -> Rendered:
    """Return the message that shows `reply`.

    :param picture: the reply's timelines, drawn; without it their alternative text is shown
    :param underway: shown while the reply is not final
    :param extra: rows of a quiz, above the choices
    :param below: rows below everything
    :param chosen: what the asker chose, for the choices to carry on
    :param commands: ids of the commands as Discord knows them, to be clicked in English
    """
    words = DiscordWords(locale)
    blocks = [
        _blocks(part, locale, picture, (commands or {}) if locale == "en" else {})
        for part in reply.parts
    ]
    texts, shortened = fit([block for each in blocks for block in each], MESSAGE_TEXT_LIMIT)
    container: ui.Container[ui.LayoutView] = ui.Container(accent_colour=_colour(reply))
    attachments = _fill(container, reply, [len(each) for each in blocks], texts, picture)
    if shortened and reply.final:
        attachments.append(_text_file(_whole(reply, blocks, shortened)))
        container.add_item(ui.TextDisplay(f"-# {words.whole_below}"))
        container.add_item(ui.File(f"attachment://{OUTPUT_FILE}"))
    if underway is not None and not reply.final:
        moment = f"<t:{underway.since}:R>"
        sentence = words.started if underway.again else words.started_only
        label = underway.again.label if underway.again else ""
        started = sentence.format(moment=moment, again=label)
        container.add_item(ui.TextDisplay(f"-# {started}"))
    view = unheld_view()
    view.add_item(container)
    live = underway if not reply.final else None
    choices = [live.again] if live and live.again else []
    whole = bool(shortened) and reply.final
    for row in [*extra, *_rows(reply.parts, choices, words, chosen, whole=whole), *below]:
        view.add_item(row)
    return Rendered(view, tuple(attachments))


def _whole(reply: Reply, blocks: Sequence[Sequence[Block]], shortened: Sequence[int]) -> str:
    """Return what a message has no room for: all that was printed, or all of the reply.

    :param blocks: of each part
    :param shortened: the numbers of the blocks that were
    """
    every = [
        (block, part) for part, each in zip(reply.parts, blocks, strict=True) for block in each
    ]
    printed = [block.whole() for block, part in every if isinstance(part, Printed)]
    if printed and all(isinstance(every[index][1], Printed) for index in shortened):
        return "\n\n".join(printed)
    told = [block.whole() for block, _ in every]
    return "\n\n".join(told if printed or not reply.attachment else [*told, reply.attachment])


def unheld_view() -> ui.LayoutView:
    """Return an empty view that discord.py does not keep after it is sent.

    What is pressed, its custom id tells by itself. Kept all the same, each private answer would
    hold a task for 15 minutes, as `InteractionResponse.send_message` gives it that timeout.
    """
    view = ui.LayoutView(timeout=None)
    view.stop()
    return view


def _fill(
    container: ui.Container[ui.LayoutView],
    reply: Reply,
    counts: Sequence[int],
    texts: Sequence[str],
    picture: bytes | None,
) -> list[Attachment]:
    """Put texts and the picture into `container` in the reply's order; return the files.

    :param counts: how many of `texts` belong to each part of the reply
    """
    pictures = [part for part in reply.parts if isinstance(part, Picture)]
    waiting, left, attachments = [], iter(texts), []
    for part, count in zip(reply.parts, counts, strict=True):
        waiting += [text for _, text in zip(range(count), left, strict=False) if text]
        if picture is None or not pictures or part is not pictures[0]:
            continue
        if waiting:
            container.add_item(ui.TextDisplay("\n".join(waiting)))
            waiting = []
        name = REPLAY_FILE if picture.startswith(b"GIF8") else PICTURE_FILE
        attachments.append(Attachment(name, picture))
        alt = escape.clip(
            escape.one_line(" ".join(each.alt for each in pictures)) or "…", ALT_LIMIT
        )
        gallery: ui.MediaGallery[ui.LayoutView] = ui.MediaGallery()
        gallery.add_item(media=f"attachment://{name}", description=alt)
        container.add_item(gallery)
    if waiting or not attachments:
        container.add_item(ui.TextDisplay("\n".join(waiting) or "…"))
    return attachments


def file(attachment: Attachment) -> discord.File:
    """Open an attachment for one sending."""
    return discord.File(
        BytesIO(attachment.data), attachment.name, description=attachment.description or None
    )


def _rows(
    parts: Iterable[Part],
    more: Sequence[Choice],
    words: DiscordWords,
    chosen: custom_ids.Chosen | None,
    *,
    whole: bool,
) -> list[ui.ActionRow[ui.LayoutView]]:
    """Return the rows of what can be pressed: choices, links, and the whole output."""
    parts = tuple(parts)
    choices = [choice for part in parts if isinstance(part, Choices) for choice in part.choices]
    links = [part for part in parts if isinstance(part, PageLink)]
    rows = choice_rows([*choices, *more], words, chosen)
    if whole:
        rows.append(output_row(words))
    return [*rows, *link_rows(links)]


def _blocks(  # noqa: C901, PLR0911 - one case a kind of part, none with a branch in it
    part: Part, locale: Locale, picture: bytes | None, commands: Mapping[str, int]
) -> list[Block]:
    """Return the texts that show `part`; none for what is shown otherwise."""
    words = DiscordWords(locale)
    match part:
        case Heading(text):
            return [Prose(escape.clip(" ".join(text.split()), 200), before="## ")]
        case Text(markdown):
            return [Prose(markdown, commands=commands)]
        case Note(markdown, tone):
            return [Prose(markdown, before=f"{_SIGNS[tone]} ", commands=commands)]
        case Measured(markdown):
            return [Prose(markdown, before="⏱️ ")]
        case Code(text, language):
            name = {"python": "py"}.get(language, "")
            lines = text.rstrip("\n").split("\n")
            shown = without_marks(lines) if language == "pytb" else tuple(lines)
            return [Fence(shown, name, words.left_out)]
        case Printed():
            return sequence(part, words)
        case Table(header, rows):
            return table(header, rows, words)
        case Picture(_, alt):
            return [Prose(alt, before="🖼️ ")] if alt.strip() and picture is None else []
        case Choices(choices):
            return _typed(choices, words, locale)
        case BlocksForm() | ReasonsForm():
            return exercise_texts(part, words)
        case Editor() | NumberForm() | Quiz() | PageLink() | Fold() | CourseMap():
            return []


def _typed(choices: Iterable[Choice], words: DiscordWords, locale: Locale) -> list[Block]:
    """Return, as commands to type, the choices that no button can hold."""
    return [
        Prose(words.typed.format(command=spell(choice.what, locale)), before="-# ")
        for choice in choices
        if custom_ids.write(choice.what) is None
        and not (isinstance(choice.what, Try) and choice.what.code)  # it has a button of its own
    ]


def _text_file(text: str) -> Attachment:
    """Return `text` as a file, cut in its middle if Discord would not take it."""
    data = text.encode("utf-8", "replace")
    if len(data) > FILE_LIMIT:
        half = FILE_LIMIT // 2
        data = data[:half] + "\n…\n".encode() + data[-half:]
    return Attachment(OUTPUT_FILE, data)


def _colour(reply: Reply) -> int:
    """Return the colour of the message's edge: how it went, at a glance."""
    tones = {part.tone for part in reply.parts if isinstance(part, Note)}
    outcomes = {part.outcome for part in reply.parts if isinstance(part, Measured)}
    if reply.failed or "error" in tones:
        return _RED
    if "warning" in tones:
        return _AMBER
    if outcomes:
        return _GREEN if outcomes == {Outcome.OK} else _AMBER
    return _GREEN if "good" in tones else _BLUE

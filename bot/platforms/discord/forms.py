"""What the forms on Discord share: the id that they carry, a place for code, and what is sent in.

Nothing is kept in the bot: a form's custom id names what it asks and the version of that, so a form
can be sent after a restart, and one that was opened before a lesson changed is noticed.
"""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal, Self

import discord
from discord import ui

from bot.languages import Locale, locales
from bot.platforms.discord import escape
from bot.platforms.discord.custom_ids import CHOSEN_LANGUAGE

LABEL, OPTION, MOST_TYPED = 45, 100, 4_000
"""Characters of a label, of an option and of a typed text in a form
(https://discord.com/developers/docs/components/reference)."""

FormKind = Literal["guess", "solve"]


def form_template(kind: FormKind) -> re.Pattern[str]:
    """Return the pattern of the ids of one kind of form."""
    name = r"(?P<name>[a-z][a-z0-9_]{0,31})"
    return re.compile(rf"{kind}{CHOSEN_LANGUAGE}:{name}:(?P<version>[0-9a-f]{{8}})")


@dataclass(frozen=True, slots=True)
class FormId:
    """What a form, and the button that opens it, carry."""

    kind: FormKind
    name: str
    """The scenario whose run is predicted, or the exercise that is answered."""
    version: str
    locale: Locale | None

    @classmethod
    def read(cls, kind: FormKind, custom_id: str) -> Self | None:
        """Return what a custom id holds; None if no version of ours wrote it."""
        found = form_template(kind).fullmatch(custom_id)
        if found is None:
            return None
        locale: Locale | None = found["locale"] if found["locale"] in locales() else None
        return cls(kind, found["name"], found["version"], locale)

    def write(self) -> str:
        """Return the custom id that holds this."""
        return f"{self.kind}{'~' + self.locale if self.locale else ''}:{self.name}:{self.version}"


def version_of(form: object) -> str:
    """Return what tells a form from that of a changed lesson, by all that `repr` tells of it."""
    return hashlib.sha256(repr(form).encode("utf-8", "replace")).hexdigest()[:8]


def modal(title: str, custom_id: str) -> ui.Modal:
    """Return a form without fields. discord.py does not hold it: a learner may never send it."""
    made = ui.Modal(title=title[:LABEL], custom_id=custom_id)
    made.stop()
    return made


def ask_code(form: ui.Modal, code: str, label: str, placeholder: str | None = None) -> None:
    """Add a place for code, which begins with what is given where that fits."""
    fits = escape.size(code) <= MOST_TYPED
    typed: ui.TextInput[ui.Modal] = ui.TextInput(
        style=discord.TextStyle.paragraph,
        custom_id="code",
        placeholder=placeholder,
        default=code if fits and code else None,
        required=False,
        max_length=MOST_TYPED,
    )
    form.add_item(ui.Label(text=label[:LABEL], component=typed))


def ask_file(form: ui.Modal, label: str, about: str) -> None:
    """Add a place for a file."""
    upload: ui.FileUpload[ui.Modal] = ui.FileUpload(
        custom_id="file", required=False, min_values=0, max_values=1
    )
    form.add_item(ui.Label(text=label, description=about, component=upload))


def values_of(data: Any) -> dict[str, str]:
    """Return what was given in a form, by the field's custom id, from what Discord sends."""
    found: dict[str, str] = {}
    for each in _components(data):
        chosen = each.get("value") or next(iter(each.get("values") or ()), None)
        if isinstance(each.get("custom_id"), str) and isinstance(chosen, str):
            found[each["custom_id"]] = chosen
    return found


def file_of(data: Any) -> dict[str, Any] | None:
    """Return the file that came with a form; None where none did."""
    files = (data.get("resolved") or {}).get("attachments") or {}
    file: dict[str, Any] | None = files.get(values_of(data).get("file", ""))
    return file


def _components(data: Any) -> Iterator[dict[str, Any]]:
    """Yield a sent form's components, those inside of labels too."""
    for each in data.get("components") or () if isinstance(data, dict) else ():
        if isinstance(each, dict):
            yield each
            yield from _components({"components": [each.get("component")]})
            yield from _components(each)

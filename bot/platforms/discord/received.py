"""What stands in a message that Discord hands back to us.

A message of the second kind of components has neither content nor attachments: its texts and
files are in its components, the files with addresses that are valid for a day
(https://discord.com/developers/docs/components/reference).
"""

from collections.abc import Iterable, Iterator
from typing import Any

import discord


def text_of(message: discord.Message) -> str:
    """Return all text that people can read in a message."""
    found = [message.content]
    found += [
        each.content
        for each in _walk(message.components)
        if isinstance(each, discord.components.TextDisplay)
    ]
    return "\n".join(filter(None, found))


def file_address(message: discord.Message, name: str) -> str | None:
    """Return where the file of this name can be read; None where the message has none."""
    for each in _walk(message.components):
        if isinstance(each, discord.components.FileComponent) and each.name == name:
            return each.media.url
    return None


def shown_files(message: discord.Message) -> list[tuple[str, str, str]]:
    """Return (name, address, description) of each file that a message shows, in their order."""
    found = []
    for each in _walk(message.components):
        if isinstance(each, discord.components.MediaGalleryComponent):
            found += [
                (_name(it.media.url), it.media.url, it.description or "") for it in each.items
            ]
        elif isinstance(each, discord.components.FileComponent):
            found.append((_name(each.media.url), each.media.url, ""))
    return found


def _name(address: str) -> str:
    return address.partition("?")[0].rpartition("/")[2]


def _walk(components: Iterable[Any]) -> Iterator[Any]:
    """Yield every component, those inside of others too."""
    for each in components:
        yield each
        yield from _walk(getattr(each, "children", ()))

"""The course as a map: its chapters, all that is in them, and the list beside every page."""

from collections.abc import Iterable, Sequence

from bot.platforms.web.addresses import Addresses
from bot.platforms.web.markup import escaped
from bot.platforms.web.words import WebWords
from bot.tutor.model import Chapter, Choice


def course_map(chapters: Sequence[Chapter], words: WebWords, addresses: Addresses) -> str:
    """Render chapters with everything in them; each title is the link, and stands there once."""
    level = 3 if len(chapters) == 1 else 4  # one alone is the answer's own title
    shown = "".join(_chapter(it, words, level, addresses) for it in chapters)
    return f'<ol class="map">{shown}</ol>'


def _chapter(chapter: Chapter, words: WebWords, level: int, addresses: Addresses) -> str:
    groups = (
        (words.concepts, chapter.concepts),
        (words.scenarios, chapter.scenarios),
        (words.comparisons, chapter.comparisons),
        (words.exercises, chapter.exercises),
    )
    title = _item_link(chapter.title, addresses.of(chapter.what))
    return (
        f'<li value="{chapter.number}"><h{level}>{title}</h{level}>'
        f"<p>{escaped(chapter.summary)}</p>"
        + "".join(_group(name, items, level + 1, addresses) for name, items in groups if items)
        + "</li>"
    )


def _item_link(label: str, path: str, more: str = "") -> str:
    return f'<a data-ask{more} href="{escaped(path)}">{escaped(label)}</a>'


def _group(name: str, items: Iterable[Choice], level: int, addresses: Addresses) -> str:
    links = "".join(f"<li>{_item(it, addresses)}</li>" for it in items)
    return f'<div class="group"><h{level}>{name}</h{level}><ul>{links}</ul></div>'


def _item(choice: Choice, addresses: Addresses) -> str:
    if choice.hindered:
        return f"<span>{escaped(choice.label)} <small>{escaped(choice.hindered)}</small></span>"
    return _item_link(choice.label, addresses.of(choice.what), " data-item")


def course_list(current: str, chapters: Iterable[Chapter], addresses: Addresses) -> str:
    """Render the chapters as the list beside a page; the script adds how far a learner has got."""
    return "".join(_link(current, it, addresses) for it in chapters)


def _link(current: str, chapter: Chapter, addresses: Addresses) -> str:
    path = addresses.of(chapter.what)
    here = ' aria-current="page"' if path == current else ""
    inside = (
        *chapter.concepts,
        *chapter.scenarios,
        *chapter.comparisons,
        *chapter.exercises,
    )
    items = " ".join(addresses.of(it.what) for it in inside if not it.hindered)
    return (
        f'<li><a data-ask href="{escaped(path)}" data-items="{escaped(items)}"{here}>'
        f'<span class="number">{chapter.number}</span> '
        f"<span>{escaped(chapter.title)}</span></a></li>"
    )

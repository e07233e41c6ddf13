"""What a page begins with: the first one with 5 seconds against 3, the others with their title."""

from bot.platforms.web.addresses import Addresses
from bot.platforms.web.markup import escaped
from bot.platforms.web.words import WebWords
from bot.tutor.model import Compare

_JOBS = (3, 2)
"""Seconds that the two jobs wait, as in the lessons' first scenarios."""

_FIRST_LOOK = Compare(("sync", "gather"))
_LEFT, _PER_SECOND, _BAR, _ROW = 8, 76, 18, 26


def hello(words: WebWords, title: str, addresses: Addresses) -> str:
    """Render the head of a page; `title` is "" for the first page."""
    if title:
        return f'<h1 class="sr-only">{escaped(title)} · {words.title}</h1>'
    where = escaped(addresses.of(_FIRST_LOOK))
    now = f'<a class="primary" data-ask href="{where}">{words.run_now}</a>'
    return (
        f'<header class="hello"><div><h1>{words.tagline}</h1><p>{words.welcome}</p>'
        f"<p>{now}</p></div>{_five_against_three(words)}</header>"
    )


def _five_against_three(words: WebWords) -> str:
    """Draw two jobs one after the other, and at the same time; the style sheet moves them."""
    first, second = _JOBS
    width = 2 * _LEFT + _PER_SECOND * (first + second)
    whole, longest = first + second, max(_JOBS)
    captions = (
        _caption(words.hero_one, words.exactly(f"{whole}"), 16, whole),
        _caption(words.hero_both, words.exactly(f"{longest}"), 112, longest),
    )
    jobs = (
        _job("first", 0, first, 28),
        _job("second", first, second, 28 + _ROW),
        _job("first", 0, first, 124),
        _job("second", 0, second, 124 + _ROW),
    )
    return (
        f'<figure class="hero"><svg viewBox="0 0 {width} 184" role="img" aria-label="'
        f'{words.hero_label}">{"".join(captions)}<g class="hero-jobs">{"".join(jobs)}'
        f'</g><path class="hero-now" d="M{_LEFT} 0V184"/></svg>'
        f"<figcaption>{words.hero}</figcaption></figure>"
    )


def _caption(text: str, time: str, y: int, seconds: int) -> str:
    return (
        f'<text x="{_LEFT}" y="{y}">{text}</text><text class="time" text-anchor="end" '
        f'x="{_LEFT + _PER_SECOND * seconds}" y="{y}">{time}</text>'
    )


def _job(name: str, start: int, seconds: int, y: int) -> str:
    return (
        f'<rect class="job {name}" x="{_LEFT + _PER_SECOND * start}" y="{y}" '
        f'width="{_PER_SECOND * seconds}" height="{_BAR}" rx="4"/>'
    )

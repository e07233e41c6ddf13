"""What is offered while a command's options are typed."""

from collections import OrderedDict
from collections.abc import Iterator, Sequence

from bot.languages import Locale
from bot.tutor.command import Argument
from bot.tutor.model import Request
from bot.tutor.protocol import Suggestion, Tutor

_REMEMBERED = 10_000
"""Learners whose last name is remembered: a hint for what comes first, nothing more."""
_MOST = 25


class Suggestions:
    """Suggests names: where nothing is typed, what comes next in the course, lesson by lesson."""

    def __init__(self, tutor: Tutor) -> None:
        self._tutor = tutor
        self._last: OrderedDict[str, str] = OrderedDict()

    def note(self, learner: str, request: Request) -> None:
        """Take note of what a learner asked for; what follows it is suggested first."""
        name = getattr(request, "name", "")
        if not name:
            return
        self._last[learner] = name
        self._last.move_to_end(learner)
        while len(self._last) > _REMEMBERED:
            self._last.popitem(last=False)

    def of(
        self, learner: str, wanted: Argument, given: Sequence[str], typed: str, locale: Locale
    ) -> list[Suggestion]:
        """Return what to offer for an argument, best first.

        :param given: names that stand in the options before this one
        """
        if wanted.kind == "language":
            return []
        after = "" if typed.strip() else self._last.get(learner, "")
        found = self._tutor.suggest(wanted.kind, typed, locale, _MOST, after=after)
        if wanted.untold:
            return [it.untold for it in found]
        if typed.strip():
            return [it for it in found if it.id not in given]
        named = [Suggestion(it.id, it.titled_by_lesson) for it in found]
        first = list(self._compared(given, locale)) if wanted.most > 1 else []
        offered = {it.id: it for it in (*first, *named) if it.id not in given}
        return list(offered.values())

    def _compared(self, given: Sequence[str], locale: Locale) -> Iterator[Suggestion]:
        """Yield the course's own comparisons whole or, of those begun, what belongs to them."""
        for comparison in self._tutor.comparisons(locale):
            names = comparison.id.split()
            if not given:
                yield Suggestion(comparison.id, comparison.titled_by_lesson)
            elif set(given) <= set(names):
                left = " ".join(name for name in names if name not in given)
                if left:
                    yield Suggestion(left, f"{' · '.join(given)} · {left.replace(' ', ' · ')}")

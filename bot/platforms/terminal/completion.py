"""Completes commands and names while they are typed."""

from collections.abc import Callable, Iterable

from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document

from bot.lessons.model import LOCALES, Locale
from bot.platforms.terminal.commands import COMMANDS, KINDS, KOREAN
from bot.platforms.terminal.harmless import harmless
from bot.tutor.model import Tutor

_MOST = 12


def candidates(tutor: Tutor, typed: str, locale: Locale) -> list[tuple[str, str]]:
    """Return (what replaces the last word, its meaning) for a line as typed so far."""
    if not typed.startswith("/"):
        return []
    command, space, rest = typed.partition(" ")
    if not space:
        known = [f"/{name}" for name in (*COMMANDS, *KOREAN)]
        return [(name, "") for name in known if name.startswith(command)]
    bare = command.removeprefix("/")
    bare = KOREAN.get(bare, bare)
    if bare == "lang":
        return [(name, "") for name in LOCALES if name.startswith(rest.strip())]
    if bare not in KINDS:
        return []
    last = rest.rpartition(" ")[2] if bare == "compare" else rest
    found = tutor.suggest(KINDS[bare], last, locale, _MOST)
    return [(each.id, harmless(each.title)) for each in found]


class NameCompleter(Completer):
    """Offers what the tutor suggests."""

    def __init__(self, complete: Callable[[str, Locale], list[tuple[str, str]]]) -> None:
        self._complete = complete
        self.locale: Locale = "en"
        """Which language the names are shown in; the chat changes it."""

    def get_completions(
        self, document: Document, complete_event: CompleteEvent
    ) -> Iterable[Completion]:
        """Yield completions of the last word."""
        del complete_event
        typed = document.text_before_cursor.lstrip()
        command, space, rest = typed.partition(" ")
        word = typed
        if space:
            word = rest.rpartition(" ")[2] if command in {"/compare", "/비교"} else rest
        for text, about in self._complete(typed, self.locale):
            yield Completion(text, start_position=-len(word), display_meta=about)

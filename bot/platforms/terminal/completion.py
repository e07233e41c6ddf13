"""Completes commands and names at the prompt."""

from collections.abc import Callable, Iterable

from prompt_toolkit.completion import CompleteEvent, Completer
from prompt_toolkit.completion import Completion as Offer
from prompt_toolkit.document import Document

from bot.languages import Locale
from bot.text import visible
from bot.tutor.completion import Completion


class NameCompleter(Completer):
    """Offers how the line may go on.

    :param complete: returns that for a line as typed so far, in a language
    """

    def __init__(self, complete: Callable[[str, Locale], list[Completion]]) -> None:
        self._complete = complete
        self.locale: Locale = "en"
        """Which language the names are shown in; the chat changes it."""

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterable[Offer]:
        """Yield what may stand at the end of the line."""
        del complete_event
        typed = document.text_before_cursor
        for found in self._complete(typed, self.locale) if typed.strip() else ():
            title = visible.line(found.title)
            yield Offer(found.text, start_position=-found.replaces, display_meta=title)

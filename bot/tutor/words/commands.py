"""Sentences about what was typed and cannot be followed."""

from collections.abc import Mapping
from typing import Final

from bot.languages import Wording, english_name, locales, own_name
from bot.tutor.grammar import Misunderstood, spell
from bot.tutor.model import Compare, Help
from bot.tutor.words.speech import Speech, span

_NOUNS: Final[Mapping[str, Wording]] = {
    "lesson": Wording(ko="강의", en="lesson"),
    "concept": Wording(ko="개념", en="concept"),
    "scenario": Wording(ko="시나리오", en="scenario"),
}
_SENTENCES: Final[Mapping[str, Wording]] = {
    "unknown": Wording(
        ko="{typed}: 이런 명령이 없습니다. 쓸 수 있는 명령: {every}",
        en="There is no command {typed}. {every} shows those that there are.",
    ),
    "missing": Wording(
        ko="{name} 뒤에 {kind} 이름을 적어 주세요. 예: {instead}",
        en="{name} needs the name of a {kind}, as in {instead}.",
    ),
    "count": Wording(
        ko="{name} 뒤에는 서로 다른 {kind} 이름을 {least}개에서 {most}개까지 적습니다. "
        "예: {instead}",
        en="{name} takes {least} to {most} different {kind}s, as in {instead}.",
    ),
    "several": Wording(
        ko="{name} 뒤에는 이름을 하나만 적습니다. 예: {instead}",
        en="{name} takes one name at a time, as in {instead}.",
    ),
    "argument": Wording(
        ko="{name}: {typed} 인수는 없습니다. 예: {instead}",
        en="{name} has no argument {typed}. Type {instead}.",
    ),
    "language": Wording(
        ko="다음 가운데 하나를 적어 주세요: {every}.", en="Write one of these: {every}."
    ),
    "long": Wording(
        ko="너무 깁니다. 명령 한 줄로 짧게 적어 주세요.",
        en="That is too long. Please type one short command.",
    ),
}
_MISSPELT: Final = Wording(
    ko="{typed}: 이런 명령이 없습니다. 혹시 {instead}인가요?",
    en="There is no command {typed}. Did you mean {instead}?",
)
_SIDE_BY_SIDE: Final = Wording(
    ko="{name} 뒤에는 이름을 하나만 적습니다. 나란히 실행하려면: {instead}",
    en="{name} takes one name at a time. To run them side by side: {instead}.",
)


class CommandWords(Speech):
    """What is said where a typed line means nothing, and how to mend it."""

    __slots__ = ()

    def sentence(self, misread: Misunderstood) -> str:
        """Say why a line cannot be followed, and what to type instead."""
        command, instead = misread.command, misread.instead
        name = f"/{command.name.text(self.locale)}" if command else ""
        argument = command.argument if command else None
        return self._filled(
            self._wording(misread),
            typed=span(misread.typed),
            instead=f"`{spell(instead, self.locale)}`" if instead else "",
            name=f"`{name}`",
            kind=self._noun(argument.kind) if argument else "",
            least=argument.least if argument else 0,
            most=argument.most if argument else 0,
            every=self._languages(name)
            if misread.why == "language"
            else f"`{spell(Help(), self.locale)}`",
        )

    def _wording(self, misread: Misunderstood) -> Wording:
        if misread.why == "unknown" and misread.instead:
            return _MISSPELT
        beside = misread.why == "several" and isinstance(misread.instead, Compare)
        return _SIDE_BY_SIDE if beside else _SENTENCES[misread.why]

    def _noun(self, kind: str) -> str:
        """Return what an argument names."""
        return _NOUNS[kind].text(self.locale) if kind in _NOUNS else ""

    def _languages(self, name: str) -> str:
        """Return how to switch to each language."""
        name_of = own_name if self.locale == "ko" else english_name
        return ", ".join(f"`{name} {it}` ({name_of(it)})" for it in locales())

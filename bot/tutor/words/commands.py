"""Sentences about what was typed and cannot be followed."""

from bot.languages import english_name, locales, own_name
from bot.tutor.command import Command
from bot.tutor.grammar import Misunderstood, spell
from bot.tutor.model import Compare, Help
from bot.tutor.words.speech import Speech, span


class CommandWords(Speech):
    """What is said where a typed line means nothing, and how to mend it."""

    __slots__ = ()

    def sentence(self, misread: Misunderstood) -> str:
        """Say why a line cannot be followed, and what to type instead."""
        instead = f"`{spell(misread.instead, self.locale)}`" if misread.instead else ""
        command = misread.command
        if misread.why == "long" or command is None:
            return self._too_long() if misread.why == "long" else self._unknown(misread, instead)
        name = f"`/{command.name.text(self.locale)}`"
        match misread.why:
            case "language":
                return self._language(name)
            case "argument":
                return self._say(
                    ko="{name}: {typed} 인수는 없습니다. 예: {instead}",
                    en="{name} has no argument {typed}. Type {instead}.",
                    name=name,
                    typed=span(misread.typed),
                    instead=instead,
                )
            case "count":
                return self._count(command, name, instead)
            case "several":
                return self._several(misread, name, instead)
            case _:
                return self._say(
                    ko="{name} 뒤에 {kind} 이름을 적어 주세요. 예: {instead}",
                    en="{name} needs the name of a {kind}, as in {instead}.",
                    name=name,
                    kind=self._kind(command),
                    instead=instead,
                )

    def _kind(self, command: Command) -> str:
        """Return what the command's argument names."""
        nouns = {
            "lesson": self._say(ko="강의", en="lesson"),
            "concept": self._say(ko="개념", en="concept"),
            "scenario": self._say(ko="시나리오", en="scenario"),
        }
        return nouns[command.argument.kind] if command.argument else ""

    def _too_long(self) -> str:
        return self._say(
            ko="너무 깁니다. 명령 한 줄로 짧게 적어 주세요.",
            en="That is too long. Please type one short command.",
        )

    def _unknown(self, misread: Misunderstood, instead: str) -> str:
        typed = span(misread.typed)
        if instead:
            return self._say(
                ko="{typed}: 이런 명령이 없습니다. 혹시 {instead}인가요?",
                en="There is no command {typed}. Did you mean {instead}?",
                typed=typed,
                instead=instead,
            )
        every = f"`{spell(Help(), self.locale)}`"
        return self._say(
            ko="{typed}: 이런 명령이 없습니다. 쓸 수 있는 명령: {every}",
            en="There is no command {typed}. {every} shows those that there are.",
            typed=typed,
            every=every,
        )

    def _language(self, name: str) -> str:
        bare = name.strip("`")
        name_of = own_name if self.locale == "ko" else english_name
        every = ", ".join(f"`{bare} {it}` ({name_of(it)})" for it in locales())
        return self._say(
            ko="다음 가운데 하나를 적어 주세요: {every}.",
            en="Write one of these: {every}.",
            every=every,
        )

    def _count(self, command: Command, name: str, instead: str) -> str:
        assert command.argument is not None
        least, most = command.argument.least, command.argument.most
        return self._say(
            ko="{name} 뒤에는 서로 다른 {kind} 이름을 {least}개에서 {most}개까지 "
            "적습니다. 예: {instead}",
            en="{name} takes {least} to {most} different {kind}s, as in {instead}.",
            name=name,
            kind=self._kind(command),
            least=least,
            most=most,
            instead=instead,
        )

    def _several(self, misread: Misunderstood, name: str, instead: str) -> str:
        if isinstance(misread.instead, Compare):
            return self._say(
                ko="{name} 뒤에는 이름을 하나만 적습니다. 나란히 실행하려면: {instead}",
                en="{name} takes one name at a time. To run them side by side: {instead}.",
                name=name,
                instead=instead,
            )
        return self._say(
            ko="{name} 뒤에는 이름을 하나만 적습니다. 예: {instead}",
            en="{name} takes one name at a time, as in {instead}.",
            name=name,
            instead=instead,
        )

"""The forms in which exercises are answered in the page: an editor, blocks, a number, reasons."""

from collections.abc import Iterator

from bot.languages import Locale
from bot.platforms.web.addresses import Addresses
from bot.platforms.web.editor import code_area
from bot.platforms.web.markup import escaped, highlighted
from bot.tutor.forms import BlocksForm, NumberForm, ReasonsForm
from bot.tutor.model import Solve
from bot.tutor.words.speech import FixedSentence, Speech


class WebExerciseWords(Speech):
    """The forms' sentences in one language."""

    __slots__ = ()

    code = FixedSentence(ko="내 답", en="Your solution")
    hand_in = FixedSentence(ko="실행하고 채점하기", en="Run and grade it")
    choose = FixedSentence(ko="하나를 고르세요", en="Choose one")
    use = FixedSentence(ko="사용", en="use it")
    block = FixedSentence(ko="블록 {number}", en="Block {number}")
    """What a block is called; holds {number}."""
    up = FixedSentence(ko="블록 {number} 위로", en="Move block {number} up")
    down = FixedSentence(ko="블록 {number} 아래로", en="Move block {number} down")
    moved = FixedSentence(
        ko="{line}: 이제 {count}개 중 {position}번째입니다.",
        en="{line}: now in place {position} of {count}.",
    )
    no_script = FixedSentence(
        ko="답을 내려면 JavaScript가 필요합니다.", en="Handing in an answer needs JavaScript."
    )


class ExerciseForms:
    """Renders the forms in one language."""

    def __init__(self, locale: Locale, addresses: Addresses) -> None:
        self._addresses = addresses
        self._locale = locale
        self._say = WebExerciseWords(locale)

    def editor(self, code: str, exercise: str) -> str:
        """Render a place to write a program."""
        return self._form(exercise, code_area("answer", self._say.code, code, self._locale))

    def number(self, form: NumberForm) -> str:
        """Render a place for one number."""
        return self._form(
            form.exercise,
            f'<label><span><code>{escaped(form.name)}</code></span><input name="answer" '
            f'type="number" inputmode="decimal" required min="{form.least:g}" '
            f'max="{form.most:g}" step="any"></label>',
        )

    def reasons(self, form: ReasonsForm) -> str:
        """Render reasons to choose one from."""
        options = "".join(
            f'<label class="pick"><input type="radio" name="answer" required '
            f'value="{escaped(it.id)}"><span>{escaped(it.text)}</span></label>'
            for it in form.reasons
        )
        return self._form(
            form.exercise,
            f"<fieldset><legend>{self._say.choose}</legend>"
            f'<div class="picks">{options}</div></fieldset>',
        )

    def blocks(self, form: BlocksForm) -> str:
        """Render blocks that are chosen, and dragged or moved by buttons."""
        above = form.program(())
        items = "".join(self._blocks(form))
        return self._form(
            form.exercise,
            f'<ol class="order blocks">{items}</ol>'
            f'<p class="said" aria-live="polite" data-moved="{self._say.moved}"></p>',
            f' data-above="{escaped(above)}"',
        )

    def _blocks(self, form: BlocksForm) -> Iterator[str]:
        say = self._say
        for number, code in enumerate(form.blocks, start=1):
            name = say.block.format(number=number)
            yield (
                f'<li draggable="true" data-line="{name}" data-code="{escaped(code)}">'
                f'<label class="use"><input type="checkbox" name="use" aria-label="{name}: '
                f'{say.use}"></label><pre><code>{highlighted(code.rstrip(), "python")}</code></pre>'
                f'<button type="button" class="move" data-move="-1" disabled '
                f'aria-label="{say.up.format(number=number)}">↑</button>'
                f'<button type="button" class="move" data-move="1" disabled '
                f'aria-label="{say.down.format(number=number)}">↓</button></li>'
            )

    def _form(self, exercise: str, inside: str, data: str = "") -> str:
        say = self._say
        where = escaped(self._addresses.of(Solve(exercise)))
        return (
            f'<form class="exercise" data-exercise="{where}"{data}>'
            f'{inside}<button class="primary" type="submit">{say.hand_in}</button>'
            f'<noscript><div class="note warning">{say.no_script}</div></noscript></form>'
        )

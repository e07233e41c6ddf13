"""A Reply's parts as HTML fragments. It decides nothing; `markup` does all escaping."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import assert_never

from bot.languages import Locale
from bot.platforms.web.editor import editor
from bot.platforms.web.exercise_forms import ExerciseForms
from bot.platforms.web.markup import Markdown, code_block, escaped, highlighted, is_https
from bot.platforms.web.words import WebWords, web_words
from bot.tutor import forms, model
from bot.tutor.grammar import address
from bot.tutor.model import Part, SequenceLine
from bot.tutor.words import words as tutor_words


class HtmlRenderer:
    """Renders parts in one language. Calls take milliseconds of processor time: use a thread."""

    def __init__(self, locale: Locale) -> None:
        self.locale: Locale = locale
        self._words: WebWords = web_words(locale)
        self._markdown = Markdown()
        self._exercises = ExerciseForms(locale)
        # The same few scenarios are shown again and again, and colouring one takes milliseconds.
        self._code_block = lru_cache(maxsize=256)(code_block)

    def parts(self, parts: Sequence[Part]) -> str:
        """Render a whole answer, for a page that comes in one piece."""
        return "".join(f'<div class="part">{self.part(part)}</div>' for part in parts)

    def part(self, part: Part, drawn: str = "") -> str:  # noqa: C901, PLR0911, PLR0912 - one case a kind
        """Render one part; of a picture, what was drawn of it."""
        match part:
            case model.Heading(text=text):
                return f"<h3>{escaped(text)}</h3>"
            case model.Text(markdown=markdown):
                return f'<div class="text">{self._markdown.blocks(markdown)}</div>'
            case model.Note(markdown=markdown, tone=tone):
                return f'<div class="note {tone}">{self._markdown.blocks(markdown)}</div>'
            case model.Code(text=text, language=language):
                return self._code_block(text, language, self._words.source)
            case model.Sequence(lines=lines):
                return self._sequence(lines)
            case model.Measured(markdown=markdown, outcome=outcome):
                return f'<p class="measured {outcome.value}">{self._markdown.inline(markdown)}</p>'
            case model.Picture():
                return f'<figure class="picture">{drawn or self._undrawn(part)}</figure>'
            case model.Table():
                return self._table(part)
            case model.Choices(choices=choices):
                return self._choices(choices)
            case model.PageLink(title=title, url=url):
                return self._link(title, url)
            case forms.Editor(code=code, exercise=exercise) if exercise:
                return self._exercises.editor(code, exercise)
            case forms.Editor(code=code):
                return editor(code, self.locale)
            case forms.BlocksForm():
                return self._exercises.blocks(part)
            case forms.NumberForm():
                return self._exercises.number(part)
            case forms.ReasonsForm():
                return self._exercises.reasons(part)
            case forms.Quiz():
                return self._quiz(part)
            case _:
                assert_never(part)

    def lines(self, lines: Sequence[SequenceLine]) -> str:
        """Render printed lines as list items: what is appended while a run is under way."""
        return "".join(
            f'<li class="{line.stream}"><span class="at">'
            f"{escaped(self._words.stamp.format(at=f'{line.at:.3f}'))}</span>"
            f'<bdi class="lane">{escaped(line.lane)}</bdi>'
            f'<bdi class="line">{escaped(line.text)}</bdi></li>'
            for line in lines
        )

    def _sequence(self, lines: Sequence[SequenceLine]) -> str:
        return (
            f'<div class="sequence" role="log" tabindex="0" aria-label="{self._words.printed}">'
            f"<ol>{self.lines(lines)}</ol></div>"
        )

    def _undrawn(self, picture: model.Picture) -> str:
        """Return what stands for a picture that could not be drawn: what it would show."""
        said = f"{tutor_words(self.locale).run.no_picture} {picture.alt}".rstrip()
        return f"<figcaption>{escaped(said)}</figcaption>"

    def _table(self, table: model.Table) -> str:
        header = "".join(
            f'<th scope="col">{escaped(cell)}</th>' if cell else "<td></td>"
            for cell in table.header
        )
        rows = "".join(
            "<tr>" + "".join(f"<td>{escaped(cell)}</td>" for cell in row) + "</tr>"
            for row in table.rows
        )
        return (
            f'<div class="scroll" tabindex="0"><table><thead><tr>{header}</tr></thead>'
            f"<tbody>{rows}</tbody></table></div>"
        )

    def _choices(self, choices: Sequence[model.Choice]) -> str:
        items = "".join(
            f'<li><a class="choice" data-ask href="{escaped(address(choice.what))}">'
            f"{escaped(choice.label)}</a></li>"
            for choice in choices
        )
        return f'<ul class="choices" aria-label="{self._words.choices}">{items}</ul>'

    def _link(self, title: str, url: str) -> str:
        if not is_https(url):
            return f'<p class="read-on">{escaped(title)}</p>'
        return (
            f'<p class="read-on"><a href="{escaped(url)}" rel="noopener noreferrer" '
            f'target="_blank">{escaped(title)}</a></p>'
        )

    def _quiz(self, quiz: forms.Quiz) -> str:
        words = self._words
        times = ((repr(it), words.seconds.format(seconds=f"{it:g}")) for it in quiz.times)
        endings = ((ending.key, ending.label) for ending in quiz.endings)
        lines = "".join(self._quiz_line(line, decoys=quiz.decoys) for line in quiz.lines)
        asked = words.which_lines if quiz.decoys else words.which_order
        order = (
            f'<fieldset><legend>{asked}</legend><ol class="order">{lines}</ol></fieldset>'
            if lines
            else ""
        )
        return (
            f'<form class="quiz" data-quiz="{escaped(address(model.Predict(quiz.scenario)))}">'
            f"{_radios('seconds', words.how_long, times)}{order}"
            f"{_radios('ending', words.how_ends, endings)}"
            f'<p class="said" aria-live="polite" data-moved="{words.moved}"></p>'
            f'<button class="primary" type="submit">{words.predict}</button></form>'
        )

    def _quiz_line(self, line: str, *, decoys: bool) -> str:
        up, down = self._words.move_up, self._words.move_down
        never = (
            f'<label class="never"><input type="checkbox" name="never">'
            f"<span>{self._words.never_printed}</span></label>"
            if decoys
            else ""
        )
        return (
            f'<li data-line="{escaped(line)}"><code>{highlighted(line, "text")}</code>{never}'
            f'<button type="button" class="move" data-move="-1" '
            f'aria-label="{escaped(up.format(line=line))}">↑</button>'
            f'<button type="button" class="move" data-move="1" '
            f'aria-label="{escaped(down.format(line=line))}">↓</button></li>'
        )


def _radios(name: str, question: str, answers: Iterable[tuple[str, str]]) -> str:
    """Render a question with one answer: values and labels; nothing where there is none."""
    options = "".join(
        f'<label class="pick"><input type="radio" name="{name}" value="{escaped(value)}">'
        f"<span>{escaped(label)}</span></label>"
        for value, label in answers
    )
    if not options:
        return ""
    return f'<fieldset><legend>{question}</legend><div class="picks">{options}</div></fieldset>'

"""A Reply's parts as HTML fragments. It decides nothing; `markup` does all escaping."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import assert_never

from bot.languages import Locale
from bot.platforms.web.addresses import Addresses
from bot.platforms.web.course_map import course_map
from bot.platforms.web.editor import editor
from bot.platforms.web.exercise_forms import ExerciseForms
from bot.platforms.web.lanes_table import hue, lanes_table
from bot.platforms.web.markup import Markdown, code_block, escaped, highlighted, is_https
from bot.platforms.web.replay_words import ReplayWords
from bot.platforms.web.words import WebWords
from bot.timeline.drawing.plain import seconds_text
from bot.tutor import forms, model, run_parts
from bot.tutor.model import Part
from bot.tutor.run_parts import SequenceLine
from bot.tutor.words.captions import captions

_WORTH_SHOWING = 0.02
"""The share of saved waiting that is worth a bar."""


class HtmlRenderer:
    """Renders parts in one language. Calls take milliseconds of processor time: use a thread.

    :param addresses: where links lead; unset: the playground has its host to itself
    """

    def __init__(self, locale: Locale, addresses: Addresses | None = None) -> None:
        self.addresses = addresses or Addresses()
        self.locale: Locale = locale
        self._words: WebWords = WebWords(locale)
        self._replay: ReplayWords = ReplayWords(locale)
        self._markdown = Markdown(self.addresses)
        self._exercises = ExerciseForms(locale, self.addresses)
        # The same few scenarios are shown again and again, and colouring one takes milliseconds.
        self._code_block = lru_cache(maxsize=256)(code_block)

    def parts(self, parts: Sequence[Part]) -> str:
        """Render a whole answer, for a page that comes in one piece."""
        return "".join(f'<div class="part">{self.part(part)}</div>' for part in parts)

    def part(self, part: Part) -> str:  # noqa: C901, PLR0911, PLR0912 - one case a kind
        """Render one part; of a picture, what the script draws it into."""
        match part:
            case model.Heading(text=text):
                return f"<h3>{escaped(text)}</h3>"
            case model.Text(markdown=markdown):
                return f'<div class="text">{self._markdown.blocks(markdown)}</div>'
            case model.Note(markdown=markdown, tone=tone, lines=lines):
                return self.note(markdown, tone, lines)
            case model.Code(text=text, language=language):
                return self._code_block(text, language, self._words.source)
            case run_parts.Sequence(lines=lines):
                return self._sequence(lines)
            case run_parts.Measured():
                return self._measured(part)
            case run_parts.Picture():
                return self._picture(part)
            case model.Fold():
                return self._fold(part)
            case model.CourseMap(chapters=chapters):
                return course_map(chapters, self._words, self.addresses)
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

    def note(self, markdown: str, tone: str, lines: Sequence[int | None] = ()) -> str:
        """Render a sentence that stands out; `tone` is a note's of the tutor.

        :param lines: where the script is to show what it says, as a note has them
        """
        about = " ".join(str(line or "-") for line in lines)
        data = f' data-lines="{about}"' if lines else ""
        return f'<div class="note {tone}"{data}>{self._markdown.blocks(markdown)}</div>'

    def lines(self, lines: Sequence[SequenceLine], first: int = 1) -> str:
        """Render printed lines as list items: what is appended while a run is under way.

        :param first: the number of the first of them among all lines of the run
        """
        return "".join(self._line(line, number) for number, line in enumerate(lines, first))

    def _line(self, line: SequenceLine, number: int) -> str:
        """Render a line so that it is copied as one: inline elements, with blanks between them."""
        code_line = "" if line.line is None else f' data-line="{line.line}"'
        lane = f'<bdi class="lane">{escaped(line.lane)}</bdi> ' if line.lane else ""
        return (
            f'<li class="{line.stream} {hue(line.lane_id)}" data-number="{number}"{code_line}>'
            f'<span class="at">{escaped(self._words.stamp.format(at=f"{line.at:.3f}"))}</span> '
            f'{lane}<bdi class="line">{escaped(line.text)}</bdi>{self._reasons(line)}</li>'
        )

    def _reasons(self, line: SequenceLine) -> str:
        """Render why a line was printed when it was, to be unfolded; nothing where unknown."""
        if not line.why:
            return ""
        # No list: each item of the list around it is a printed line.
        told = "".join(
            f'<span class="cause">{self._markdown.inline(cause)}</span>' for cause in line.why
        )
        summary = self._words.why.format(line=line.text)
        return (
            f' <details class="reasons"><summary aria-label="{escaped(summary)}">?</summary>'
            f"{told}</details>"
        )

    def _sequence(self, lines: Sequence[SequenceLine]) -> str:
        return (
            f'<div class="sequence" role="log" tabindex="0" aria-label="{self._words.printed}">'
            f"<ol>{self.lines(lines)}</ol></div>"
        )

    def _measured(self, measured: run_parts.Measured) -> str:
        """Render the time as the big figure, beside what its waits would have taken in a row."""
        time = self._words.exactly(seconds_text(measured.elapsed))
        told = self._markdown.inline(measured.markdown)
        return (
            f'<div class="measured {measured.outcome.value}"><p class="figure">{escaped(time)}</p>'
            f'{self._saving(measured)}<p class="told">{told}</p></div>'
        )

    def _saving(self, measured: run_parts.Measured) -> str:
        """Render a bar of the waits in a row, and how much of it the run took; "" if nothing."""
        measure = measured.measure
        if measure is None or measure.saved < _WORTH_SHOWING:
            return ""
        waits, took = measure.waits, min(measured.elapsed, measure.waits)
        said = self._replay.saving.format(
            waits=seconds_text(waits), seconds=seconds_text(measured.elapsed)
        )
        return (
            f'<p class="saving"><svg viewBox="0 0 100 10" preserveAspectRatio="none" '
            f'aria-hidden="true"><rect class="whole" width="100" height="10"/><rect class="took" '
            f'width="{100 * took / waits:.1f}" height="10"/></svg><span>{escaped(said)}</span></p>'
        )

    def _picture(self, picture: run_parts.Picture) -> str:
        """Render what the script draws into; once finished, with what it shows in words."""
        if not picture.alt:
            return '<figure class="picture"></figure>'
        return (
            f'<figure class="picture"><figcaption>{escaped(picture.alt)}</figcaption>'
            f"{lanes_table(picture.timelines, self._replay, captions(self.locale))}</figure>"
        )

    def _fold(self, fold: model.Fold) -> str:
        inside = "".join(map(self.part, fold.parts))
        return f'<details class="fold"><summary>{escaped(fold.title)}</summary>{inside}</details>'

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
        items = "".join(f"<li>{self._choice(it)}</li>" for it in choices if not _carries_code(it))
        if not items:
            return ""
        return f'<ul class="choices" aria-label="{self._words.choices}">{items}</ul>'

    def _choice(self, choice: model.Choice) -> str:
        """Render a way on; one that leads nowhere here says why instead."""
        label = escaped(choice.label)
        if why := choice.hindered:
            return f'<span class="choice hindered">{label} <small>{escaped(why)}</small></span>'
        where = escaped(self.addresses.of(choice.what))
        return f'<a class="choice" data-ask href="{where}">{label}</a>'

    def _link(self, title: str, url: str) -> str:
        if not is_https(url):
            return f'<p class="read-on">{escaped(title)}</p>'
        return (
            f'<p class="read-on"><a href="{escaped(url)}" rel="noopener noreferrer" '
            f'target="_blank">{escaped(title)}</a></p>'
        )

    def _quiz(self, quiz: forms.Quiz) -> str:
        words = self._words
        times = ((repr(it), words.exactly(f"{it:g}")) for it in quiz.times)
        endings = ((ending.key, ending.label) for ending in quiz.endings)
        lines = "".join(self._quiz_line(line, decoys=quiz.decoys) for line in quiz.lines)
        asked = words.which_lines if quiz.decoys else words.which_order
        order = (
            f'<fieldset><legend>{asked}</legend><ol class="order">{lines}</ol></fieldset>'
            if lines
            else ""
        )
        where = escaped(self.addresses.of(model.Predict(quiz.scenario)))
        return (
            f'<form class="quiz" data-quiz="{where}">'
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
            f'<li data-line="{escaped(line)}" draggable="true">'
            f"<code>{highlighted(line, 'text')}</code>{never}"
            f'<button type="button" class="move" data-move="-1" disabled '
            f'aria-label="{escaped(up.format(line=line))}">↑</button>'
            f'<button type="button" class="move" data-move="1" disabled '
            f'aria-label="{escaped(down.format(line=line))}">↓</button></li>'
        )


def _carries_code(choice: model.Choice) -> bool:
    """Tell whether no address can ask this: none holds code. Each line tells its own causes."""
    return isinstance(choice.what, model.Try) and bool(choice.what.code)


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

"""A reply's parts as rich renderables. It decides nothing; it escapes and lays out."""

from collections.abc import Iterator

from rich import box
from rich.cells import cell_len, set_cell_size
from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.padding import Padding
from rich.segment import Segment
from rich.table import Table as Grid
from rich.text import Text as Words

from bot.languages import Locale
from bot.platforms.terminal.words import TerminalWords
from bot.text import visible
from bot.timeline.drawing import text as drawing
from bot.tutor.forms import BlocksForm, Editor, NumberForm, Quiz, ReasonsForm
from bot.tutor.grammar import spell
from bot.tutor.model import (
    Choices,
    Code,
    CourseMap,
    Fold,
    Heading,
    Note,
    PageLink,
    Part,
    Table,
    Text,
)
from bot.tutor.run_parts import Measured, Picture, Sequence, SequenceLine
from bot.tutor.words.captions import captions

_MARKS = {"info": "·", "good": "✓", "warning": "!", "error": "✗"}
_STYLES = {"info": "cyan", "good": "green", "warning": "yellow", "error": "red"}
_LANE = 16
"""Columns of a lane's name beside a printed line."""
_COMMAND = 60
"""Columns of a choice's command."""
_WIDEST = 110
"""Columns of prose, code and pictures, however wide the terminal is."""


class TerminalRenderer:
    """Renders parts for one console in one language."""

    def __init__(self, console: Console, locale: Locale) -> None:
        self._console = console
        self._locale: Locale = locale
        self._say = TerminalWords(locale)
        self._colour = console.is_terminal and not console.no_color

    @property
    def width(self) -> int:
        """Columns that an answer may take."""
        return min(self._console.width, _WIDEST)

    def part(self, part: Part) -> RenderableType | None:  # noqa: C901, PLR0911 - one for each kind of part
        """Return what to print for one part; None for nothing."""
        match part:
            case Heading(text=text):
                return Words(visible.line(text), style="bold underline")
            case Text(markdown=markdown):
                return self._prose(markdown)
            case Note(markdown=markdown, tone=tone):
                return self._marked(_MARKS[tone], _STYLES[tone], markdown)
            case Code():
                return self._code(part)
            case Sequence():
                return Group(*self.lines(part.lines))
            case Measured(markdown=markdown):
                return self._marked("⏱", "bold green", markdown)
            case Picture():
                return self.picture(part)
            case Table():
                return self._table(part)
            case PageLink(title=title, url=url):
                return Words.assemble("→ ", visible.line(title), "  ", (visible.line(url), "blue"))
            case Choices():
                return self._choices(part)
            case BlocksForm(blocks=blocks):
                return Group(*self._blocks(blocks))
            case Editor() | Quiz() | NumberForm() | ReasonsForm() | Fold() | CourseMap():
                return None

    def lines(self, lines: tuple[SequenceLine, ...]) -> Iterator[Words]:
        """Yield printed lines, each with its time and lane."""
        for line in lines:
            yield self.line(line)

    def line(self, line: SequenceLine) -> Words:
        """Return one printed line with its time and lane."""
        text = visible.line(line.text)
        style = "red" if line.stream == "stderr" else "default"
        return Words.assemble(
            (f"+{line.at:.3f} s", "dim"),
            "  ",
            (_cut(visible.line(line.lane), _LANE), "cyan"),
            "  ",
            (text, style),
            overflow="fold",
        )

    def picture(self, picture: Picture) -> Words:
        """Return timelines as text."""
        drawn = drawing.text(
            picture.timelines, captions(self._locale), width=self.width, colour=self._colour
        )
        words = Words.from_ansi(drawn)
        words.no_wrap = True
        return words

    def _prose(self, markdown: str) -> RenderableType:
        return _Prose(markdown)

    def _marked(self, mark: str, style: str, markdown: str) -> RenderableType:
        grid = Grid.grid(padding=(0, 1))
        grid.add_column(style=style, no_wrap=True)
        grid.add_column(ratio=1, overflow="fold")
        grid.add_row(mark, self._prose(markdown))
        return grid

    def _code(self, code: Code) -> RenderableType:
        text = "\n".join(map(visible.line, code.text.rstrip("\n").split("\n")))
        if not self._colour:
            return Padding(Words(text), (0, 0, 0, 4))
        from rich.syntax import Syntax  # noqa: PLC0415 - slow to import, of no use without colour

        syntax = Syntax(
            text, code.language, theme="ansi_dark", background_color="default", word_wrap=True
        )
        return Padding(syntax, (0, 0, 0, 4))

    def _blocks(self, blocks: tuple[str, ...]) -> Iterator[RenderableType]:
        """Yield blocks of code, each under the number by which it is chosen."""
        for number, block in enumerate(blocks, start=1):
            yield Words(f"{number:>4}", style="bold")
            yield self._code(Code(block))

    def _table(self, table: Table) -> RenderableType:
        grid = Grid(box=box.SIMPLE, pad_edge=False, show_edge=False)
        for title in table.header:
            grid.add_column(Words(visible.line(title)), overflow="fold")
        for row in table.rows:
            grid.add_row(*(Words(visible.line(cell)) for cell in row))
        return grid

    def _choices(self, choices: Choices) -> RenderableType:
        commands = [visible.line(spell(choice.what, self._locale)) for choice in choices.choices]
        widest = max(map(cell_len, commands), default=0)
        rows = [Words(f"{self._say.next}:", style="dim")]
        for number, choice in enumerate(choices.choices, start=1):
            label = visible.line(choice.label)
            command = _cut(commands[number - 1], min(widest, _COMMAND))
            rows.append(
                Words.assemble(
                    (f"{number:>4}  ", "dim"),
                    (command, "cyan"),
                    "  ",
                    (label if label != commands[number - 1] else "", "dim"),
                    no_wrap=True,
                    overflow="ellipsis",
                )
            )
        return Group(*rows)


class _Prose:
    """Markdown without the blank lines that rich puts around some of it."""

    def __init__(self, markdown: str) -> None:
        self._markdown = markdown

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        from rich.markdown import Markdown  # noqa: PLC0415 - slow to import, and not every run needs it

        prose = Markdown(visible.block(self._markdown), code_theme="ansi_dark", hyperlinks=False)
        lines = console.render_lines(prose, options, pad=False)
        blank = [not "".join(segment.text for segment in line).strip() for line in lines]
        while blank and blank[0]:
            del lines[0], blank[0]
        while blank and blank[-1]:
            del lines[-1], blank[-1]
        for line in lines:
            yield from line
            yield Segment.line()


def _cut(text: str, columns: int) -> str:
    """Return `text` in just so many columns."""
    if cell_len(text) <= columns:
        return set_cell_size(text, columns)
    return set_cell_size(text, columns - 1) + "…"

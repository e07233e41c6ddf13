"""Untrusted text into HTML: escaping, Markdown without HTML, and highlighted code.

Everything that becomes part of a page passes through here. Three rules hold: text is escaped,
Markdown can make no tag that is not listed here, and links lead to https only.
"""

import re
from collections.abc import Sequence
from html import escape
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict
from pygments import highlight as colour
from pygments.formatters import HtmlFormatter
from pygments.lexer import Lexer
from pygments.lexers.python import PythonConsoleLexer, PythonLexer, PythonTracebackLexer

from bot.platforms.web.addresses import Addresses
from bot.text import visible
from bot.tutor.grammar import parse
from bot.tutor.model import Request

HTTPS = re.compile(r"https://[^\s<>\"'\\]+", re.IGNORECASE)
LONGEST_HIGHLIGHT = 20_000
"""Characters; longer code is shown without colours, because lexing takes time."""

_LEXERS: dict[str, type[Lexer]] = {
    "python": PythonLexer,
    "py": PythonLexer,
    "pycon": PythonConsoleLexer,
    "pytb": PythonTracebackLexer,
    "traceback": PythonTracebackLexer,
}


def escaped(text: str) -> str:
    """Return `text` as HTML that shows it as it is, in elements and in quoted attributes."""
    return escape(visible.block(text), quote=True)


def highlighted(code: str, language: str) -> str:
    """Return `code` as HTML with Pygments' classes (prefix `t-`), no inline styles."""
    lexer = _LEXERS.get(language.casefold())
    if lexer is None or len(code) > LONGEST_HIGHLIGHT:
        return escaped(code)
    formatter = HtmlFormatter(nowrap=True, classprefix="t-")
    html = str(colour(visible.block(code), lexer(stripnl=False, ensurenl=False), formatter))
    return html if code.endswith("\n") else html.removesuffix("\n")


def is_https(url: str) -> bool:
    """Tell whether `url` may stand in a link."""
    return HTTPS.fullmatch(url) is not None


class Markdown:
    """The tutor's Markdown as HTML. HTML in it stays text; pictures and headings are not made.

    :param addresses: where commands in it lead; unset: the playground has its host to itself
    :param document: an operator's page: it may have headings, tables, and links to other pages
        here and to mail addresses
    """

    def __init__(self, addresses: Addresses | None = None, *, document: bool = False) -> None:
        self._env = {"addresses": addresses or Addresses()}
        self._parser = MarkdownIt("commonmark", {"html": False})
        self._parser.disable(["image", "html_block", "html_inline"])
        if document:
            self._parser.enable("table")
            for end in ("heading_open", "heading_close"):
                self._parser.add_render_rule(end, _heading)
        else:
            self._parser.disable(["heading", "lheading"])
        links = _may_be_linked if document else is_https
        self._parser.validateLink = links  # type: ignore[method-assign] # the documented hook
        self._parser.add_render_rule("link_open", _link_open)
        self._parser.add_render_rule("code_inline", _code_inline)
        self._parser.add_render_rule("fence", _fence)
        self._parser.add_render_rule("code_block", _fence)

    def blocks(self, text: str) -> str:
        """Render paragraphs, lists and code blocks."""
        return str(self._parser.render(visible.block(text), self._env))

    def inline(self, text: str) -> str:
        """Render a single line: bold, code and links only."""
        return str(self._parser.renderInline(visible.block(text), self._env))


def _may_be_linked(url: str) -> bool:
    """Tell whether an operator's page may link there."""
    return is_https(url) or re.fullmatch(r"/[\w#?=&-]*|mailto:[^\s<>\"']+", url) is not None


def _heading(
    renderer: RendererHTML, tokens: Sequence[Token], index: int, options: OptionsDict, _env: EnvType
) -> str:
    """Render a heading one level lower: the page has a title of its own."""
    level = min(int(tokens[index].tag.removeprefix("h")) + 1, 6)
    tokens[index].tag = f"h{level}"
    return renderer.renderToken(tokens, index, options, {})


def _link_open(
    renderer: RendererHTML, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType
) -> str:
    link = tokens[index]
    href = str(link.attrGet("href"))
    if is_https(href):
        link.attrSet("rel", "noopener noreferrer")
        link.attrSet("target", "_blank")
    elif href.startswith("/"):
        link.attrSet("href", env["addresses"].page(href[1:]))
    return renderer.renderToken(tokens, index, options, {})


def _code_inline(
    _renderer: RendererHTML, tokens: Sequence[Token], index: int, _: OptionsDict, env: EnvType
) -> str:
    """Show code; a command that may be typed, such as `/run gather`, becomes a link that asks."""
    text = tokens[index].content
    asked = parse(text) if text.startswith("/") else None
    if not isinstance(asked, Request):
        return f"<code>{escaped(text)}</code>"
    href = escaped(env["addresses"].of(asked))
    return f'<a class="command" data-ask href="{href}"><code>{escaped(text)}</code></a>'


def _fence(_renderer: Any, tokens: Sequence[Token], index: int, *_: Any) -> str:
    token = tokens[index]
    language = token.info.split()[0] if token.info.strip() else "text"
    return code_block(token.content.rstrip("\n"), language)


def code_block(code: str, language: str, label: str = "") -> str:
    """Return a block of code that can be scrolled by keyboard.

    :param label: names it for listeners; Python with a label is what runs, and its lines are
        numbered
    """
    html = highlighted(code, language)
    name = f' role="group" aria-label="{escaped(label)}"' if label else ""
    if not label or language != "python":
        return f'<div class="code"{name}><pre tabindex="0"><code>{html}</code></pre></div>'
    # Pygments ends its elements at each line's end, so each line is whole by itself.
    rows = "".join(
        f'<span class="row" data-n="{number}">{row}\n</span>'
        for number, row in enumerate(html.rstrip("\n").split("\n"), start=1)
    )
    return f'<div class="code source"{name}><pre tabindex="0"><code>{rows}</code></pre></div>'

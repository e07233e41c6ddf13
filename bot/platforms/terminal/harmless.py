"""Text of strangers, made harmless: nothing in it can steer the terminal that shows it."""

import unicodedata

_PICTURES = {
    **{chr(code): chr(0x2400 + code) for code in range(0x20)},  # they stand in the same order
    "\x7f": "\N{SYMBOL FOR DELETE}",
    "\t": "    ",
    "\N{ZERO WIDTH JOINER}": "\N{ZERO WIDTH JOINER}",  # joins emoji, and hides nothing
    "\N{ZERO WIDTH NON-JOINER}": "\N{ZERO WIDTH NON-JOINER}",
}


def harmless(text: str) -> str:
    """Return `text` on one line, with every steering character made visible.

    Control characters become their pictures (ESC is shown as U+241B), line breaks included;
    other invisible characters, among them those that turn the direction of writing, and lone
    surrogates become U+FFFD.
    """
    return "".join(it if it.isprintable() else _shown(it) for it in text)


def _shown(character: str) -> str:
    """Return what stands for a character that is not printable."""
    if unicodedata.category(character) == "Zs":
        return " "
    return _PICTURES.get(character, "\N{REPLACEMENT CHARACTER}")

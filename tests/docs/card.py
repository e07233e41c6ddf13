"""The picture that chats show beside a link to the playground: `python -m tests.docs.card`."""

import io

from PIL import Image

from bot.timeline.drawing.png import Painter
from bot.timeline.layout import lay_out
from bot.tutor.words.captions import captions
from tests.docs.pages import ROOT
from tests.timeline.streams import recorded

CARD = ROOT / "bot" / "platforms" / "web" / "static" / "card.png"
_SIZE = (1200, 630)
"""Pixels: the shape that chats cut such pictures to."""


def card() -> bytes:
    """Draw two runs of the course side by side, on a ground of the card's shape."""
    say = captions("en")
    runs = [lay_out(recorded(it, "en"), title=it, captions=say) for it in ("sync", "gather")]
    drawn = Image.open(io.BytesIO(Painter().png(runs, say))).convert("RGB")
    scale = min((_SIZE[0] - 80) / drawn.width, (_SIZE[1] - 60) / drawn.height)
    fitting = drawn.resize((round(drawn.width * scale), round(drawn.height * scale)))
    ground = drawn.getpixel((0, 0))
    sheet = Image.new("RGB", _SIZE, ground)
    sheet.paste(fitting, ((_SIZE[0] - fitting.width) // 2, (_SIZE[1] - fitting.height) // 2))
    file = io.BytesIO()
    sheet.quantize(64).save(file, "PNG", optimize=True)
    return file.getvalue()


if __name__ == "__main__":
    CARD.write_bytes(card())

"""Where log lines go and how they look: stderr, for people or for collectors."""

import json
import logging
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal, TextIO

import structlog

from bot.observe.redaction import Pseudonyms, Redaction, make_visible
from bot.text import visible

if TYPE_CHECKING:
    from structlog.typing import Processor


def set_up_logging(
    *,
    level: str,
    style: Literal["console", "json"],
    secrets: Sequence[str] = (),
    stream: TextIO | None = None,
) -> None:
    """Send the logs of structlog, of the standard library and Python's warnings the same way.

    A line's `learner` becomes a keyed hash; the key is random and lives as long as this process.

    :param level: "debug", "info", "warning" or "error"; libraries log from "warning" on
    :param style: console: one readable line an event; json: one JSON object a line
    :param secrets: texts that never appear, wherever they come from
    :param stream: stderr, unless told otherwise
    """
    target = stream or sys.stderr
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
        structlog.processors.format_exc_info,
        Pseudonyms(),
        Redaction(secrets),
    ]
    written: list[Processor] = (
        [structlog.processors.JSONRenderer(serializer=_json)]
        if style == "json"
        else [make_visible, structlog.dev.ConsoleRenderer(colors=target.isatty(), pad_event_to=0)]
    )
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(target)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *written],
        )
    )
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    logging.captureWarnings(capture=True)
    logging.getLogger("bot").setLevel(level.upper())


def _json(event: object, **options: Any) -> str:
    """Return an event as one line of JSON in which nothing steers, hides or turns the text."""
    return visible.json_text(json.dumps(event, ensure_ascii=False, **options))

"""What do we write down, and what never? Structured lines with masked numbers and a correlation id per turn."""

import logging
import re
import sys
from collections.abc import MutableMapping

import structlog

# E.164 with or without plus, national Kenyan form, and the tail of a CheckoutRequestID, which is a number too.
_NUMBER = re.compile(r"(?<![\w.])(\+?\d{3}|0)([17]\d{2})\d{3}(\d{3})(?![\w.])", re.ASCII)
_CHECKOUT = re.compile(r"(ws_CO_)\w+(\w{3})\b", re.ASCII)
_NEVER = re.compile(
    r"pin|token|password|secret|passkey|credential|authorization|api_?key|\btext\b|body", re.IGNORECASE
)


def masked(text: str) -> str:
    """The text with phone numbers hidden but for their ends.

    >>> masked("prompt to +254711000001 failed")
    'prompt to +254711***001 failed'
    """
    return _CHECKOUT.sub(r"\1***\2", _NUMBER.sub(r"\1\2***\3", text))


def _mask(_logger: object, _method: str, line: MutableMapping[str, object]) -> MutableMapping[str, object]:
    for key, value in line.items():
        if key != "event" and _NEVER.search(key):
            line[key] = "***"
        elif isinstance(value, str):
            line[key] = masked(value)
    return line


def configure(level: str) -> None:
    """Send every line, those of libraries included, as JSON to standard error, masked."""
    shared: list[structlog.types.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    # The traceback becomes text before it is masked: it may quote a number.
    closing: list[structlog.types.Processor] = [structlog.processors.format_exc_info, _mask]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level.upper())),
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*shared, structlog.stdlib.PositionalArgumentsFormatter()],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                *closing,
                structlog.processors.JSONRenderer(),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level.upper())
    # Their request lines would repeat ours, with URLs that carry ids; transitions tells of each move of a flow.
    for noisy in ("httpx", "httpcore", "uvicorn.access", "transitions"):
        logging.getLogger(noisy).setLevel(logging.WARNING)

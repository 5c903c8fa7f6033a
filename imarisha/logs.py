"""What do we write down, and what never? Structured lines with masked numbers and without secrets."""

import logging
import re
import sys
from collections.abc import Mapping, MutableMapping

import structlog

# Kenyan and neighbours' mobile numbers in international form with or without plus (or its escape in a URL), and in
# national form, in groups or not; then whatever else is written with a plus. Figures inside a longer word or behind
# a decimal point are none.
_NOT_INSIDE = r"(?<![A-Za-z0-9])(?<!\d\.)"
_ENDS = r"(?![A-Za-z0-9])(?!\.\d)"
_NUMBER = re.compile(
    _NOT_INSIDE
    + r"((?:(?:\+|%2B)?\d{3}|0)[17]\d{2}|(?:(?:\+|%2B)?254|0)[ -][17]\d{2})[ -]?\d{3}[ -]?(\d{3})"
    + _ENDS,
    re.ASCII,
)
_WITH_PLUS = re.compile(r"((?:\+|%2B)\d{4})\d{3,}(\d{3})(?!\d)", re.ASCII)
# A CheckoutRequestID ends in the payer's number.
_CHECKOUT = re.compile(r"(ws_CO_)\w+(\w{3})\b", re.ASCII)
_NEVER = re.compile(
    r"pin|token|password|secret|passkey|session_key|pepper|credential|authorization|api_?key|\btext\b|body",
    re.IGNORECASE,
)
_HIDDEN = "***"
_DEEPEST = 8


def masked(text: str) -> str:
    """The text with phone numbers hidden but for their ends.

    >>> masked("prompt to +254711000001 failed")
    'prompt to +254711***001 failed'
    """
    text = _NUMBER.sub(r"\1***\2", _CHECKOUT.sub(r"\1***\2", text))
    return _WITH_PLUS.sub(r"\1***\2", text)


def _safe(value: object, depth: int = 0) -> object:
    """The value as it may be written; what is no plain value is written as its text."""
    if depth > _DEEPEST:
        return _HIDDEN
    match value:
        case None | bool() | float():
            return value
        case int():
            text = masked(str(value))
            return value if text == str(value) else text
        case str():
            return masked(value)
        case Mapping():
            return {masked(str(name)): _field(str(name), held, depth + 1) for name, held in value.items()}
        case list() | tuple():
            return [_safe(held, depth + 1) for held in value]
        case _:
            return masked(repr(value))


def _field(name: str, value: object, depth: int) -> object:
    return _HIDDEN if _NEVER.search(name) else _safe(value, depth)


def _mask(_logger: object, _method: str, line: MutableMapping[str, object]) -> MutableMapping[str, object]:
    for key, value in line.items():
        line[key] = _safe(value) if key == "event" else _field(key, value, 0)
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

"""How do we refuse a request? As RFC 9457 problem+json that names what is wrong."""

from collections.abc import Mapping

import msgspec
from starlette.responses import Response

MEDIA_TYPE = "application/problem+json"


def problem(
    status: int,
    title: str,
    detail: str,
    *,
    members: Mapping[str, object] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """A refusal a program and a person can read; it never repeats what was sent.

    `members` are extension members of RFC 9457, such as a stable code.
    """
    told = {"type": "about:blank", "title": title, "status": status, "detail": detail, **(members or {})}
    return Response(
        msgspec.json.encode(told), status_code=status, media_type=MEDIA_TYPE, headers=dict(headers or {})
    )


def only_post() -> Response:
    """What a caller hears who uses another method on a path that only takes a POST."""
    refusal = problem(405, "Method not allowed", "post a form here")
    refusal.headers["allow"] = "POST"
    return refusal

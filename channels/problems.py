"""How do we refuse a request? As RFC 9457 problem+json that names what is wrong."""

import msgspec
from starlette.responses import Response


def problem(status: int, title: str, detail: str) -> Response:
    """A refusal a program and a person can read; it never repeats what was sent."""
    body = msgspec.json.encode({"type": "about:blank", "title": title, "status": status, "detail": detail})
    return Response(body, status_code=status, media_type="application/problem+json")


def only_post() -> Response:
    """What a caller hears who uses another method on a path that only takes a POST."""
    refusal = problem(405, "Method not allowed", "post a form here")
    refusal.headers["allow"] = "POST"
    return refusal

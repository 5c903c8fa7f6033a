"""How are JSON requests to the sandbox's own pages read and refused?"""

import json
from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import JSONResponse


async def json_object(request: Request) -> Mapping[str, object]:
    """The body's JSON object; an empty one where there is none, so that its first field is found missing."""
    try:
        body: object = json.loads(await request.body())
    except (ValueError, RecursionError):
        return {}
    return body if isinstance(body, dict) else {}


def refusal(status: int, wrong: str) -> JSONResponse:
    """What was wrong with a request, by the name of the field or thing."""
    return JSONResponse({"error": wrong}, status)

"""How long may what staff's program sends be? Read whole and bounded before anything looks at it."""

from channels.forms import BODY_BYTES_MAX, BadForm, Message, Receive, Scope, Send, read_body
from channels.problems import problem
from channels.signatures import Application


class BodyLimit:
    """Refuses a body past `BODY_BYTES_MAX` with a problem document, whatever length was announced."""

    def __init__(self, app: Application) -> None:
        self._application = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._application(scope, receive, send)
            return
        try:
            body = await read_body(receive)
        except BadForm as error:
            detail = f"The {error.field} {error.why}: at most {BODY_BYTES_MAX} bytes."
            refusal = problem(413, "Content Too Large", detail, members={"code": "http.413"})
            await refusal(scope, receive, send)
            return
        waiting: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

        async def again() -> Message:
            return waiting.pop() if waiting else await receive()

        await self._application(scope, again, send)

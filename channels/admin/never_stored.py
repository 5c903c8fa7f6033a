"""May anything on the way keep an answer? Nothing of the API: it holds people's money and tokens."""

from channels.forms import Message, Receive, Scope, Send
from channels.signatures import Application

_HEADERS = ((b"cache-control", b"no-store"), (b"x-content-type-options", b"nosniff"))


class NeverStored:
    """Tells browsers and proxies to keep none of the answers under `prefix` of the application."""

    def __init__(self, app: Application, prefix: str) -> None:
        self._application = app
        self._prefix = prefix

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = str(scope.get("path", "")).removeprefix(str(scope.get("root_path", "")))
        if scope["type"] != "http" or not path.startswith(self._prefix):
            await self._application(scope, receive, send)
            return

        async def marked(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), *_HEADERS]
            await send(message)

        await self._application(scope, receive, marked)

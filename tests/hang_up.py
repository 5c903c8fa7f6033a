"""An application in this process whose server can break the connection, as a real one does."""

import traceback

import httpx


class HangsUp(httpx.ASGITransport):
    """As httpx's own, where an answer that is never finished is a broken connection and no failed assertion."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        try:
            return await super().handle_async_request(request)
        except AssertionError as error:
            if "response_complete" not in (traceback.extract_tb(error.__traceback__)[-1].line or ""):
                raise
            raise httpx.RemoteProtocolError("server hung up", request=request) from error

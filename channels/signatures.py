"""Who may call us? Address lists for providers that sign nothing; their secret path is part of the route.

An empty list lets anyone in: providers publish no list they keep to, so an installation decides.
"""

from collections.abc import Awaitable, Callable
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

import structlog

from channels.forms import Receive, Scope, Send
from channels.problems import problem

Application = Callable[[Scope, Receive, Send], Awaitable[None]]
Network = IPv4Network | IPv6Network

_log = structlog.get_logger(__name__)


def networks(listed: str) -> tuple[Network, ...]:
    """Networks or single addresses from a comma list. Raises ValueError naming the wrong one.

    >>> networks("196.201.214.200, 10.0.0.0/8")
    (IPv4Network('196.201.214.200/32'), IPv4Network('10.0.0.0/8'))
    """
    return tuple(ip_network(item.strip()) for item in listed.split(",") if item.strip())


class FromKnownAddresses:
    """Lets requests through that come from the listed networks; others get 403 and leave a line in the log.

    The address is the connection's, or the trusted proxy's word where the server is told to believe it.
    """

    def __init__(
        self, app: Application, allowed: tuple[Network, ...], refused: Callable[[str], None]
    ) -> None:
        self._application = app
        self._allowed = allowed
        self._refused = refused

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not self._allowed or self._is_known(scope):
            await self._application(scope, receive, send)
            return
        self._refused("address")
        _log.warning("request from an unknown address", path=scope["path"].rsplit("/", 1)[0])
        await problem(403, "Forbidden", "this address may not call here")(scope, receive, send)

    def _is_known(self, scope: Scope) -> bool:
        client = scope.get("client")
        if client is None:
            return False
        try:
            address = ip_address(client[0])
        except ValueError:
            return False
        return any(address in network for network in self._allowed)

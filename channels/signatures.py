"""Who may call us? Address lists for providers that sign nothing; their secret path is part of the route.

An empty list lets anyone in: providers publish no list they keep to, so an installation decides.
"""

from collections.abc import Awaitable, Callable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

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
        # The path stays out: its first part may be the secret of this installation.
        _log.warning("request from an unknown address", address=(scope.get("client") or ("",))[0])
        await problem(403, "Forbidden", "this address may not call here")(scope, receive, send)

    def _is_known(self, scope: Scope) -> bool:
        client = scope.get("client")
        if client is None:
            return False
        try:
            address: IPv4Address | IPv6Address = ip_address(client[0])
        except ValueError:
            return False
        if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
            # How IPv4 callers appear on a socket that listens for both.
            address = address.ipv4_mapped
        return any(address in network for network in self._allowed)

"""How is the web application run? By uvicorn, on uvloop and httptools, in one process or several."""

import os
import signal
import socket
import sys
from contextlib import suppress

import uvicorn
from starlette.applications import Starlette
from uvicorn.supervisors import Multiprocess

from imarisha.logs import configure
from imarisha.settings import Settings, read
from imarisha.web import create_app
from imarisha.wiring import build


def application() -> Starlette:
    """The application from this process's environment; uvicorn calls it in each process."""
    settings = read(os.environ)
    configure(settings.log_level)
    return create_app(build(settings))


def serve(settings: Settings, *, inherited: int | None = None) -> None:
    """Serve until SIGTERM or SIGINT; exit 1 where that can't begin.

    `inherited` is the number of a listening socket that our parent keeps open. It outlives this process, so
    that who calls while a successor starts has to wait and is not turned away.
    """
    config = _config(settings)
    # Uvicorn raises the signal that ended it once more when it is done: to be told to end is no failure.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    if inherited is None and settings.web_processes > 1:
        Multiprocess(config, sockets=[config.bind_socket()]).run()
        return
    server = uvicorn.Server(config)
    with suppress(KeyboardInterrupt):
        server.run(None if inherited is None else [socket.socket(fileno=inherited)])
    if not server.started:
        sys.exit(1)


def _config(settings: Settings) -> uvicorn.Config:
    return uvicorn.Config(
        "imarisha.serve:application",
        factory=True,
        host=settings.web_host,
        port=settings.web_port,
        workers=settings.web_processes,
        loop="uvloop",
        http="httptools",
        access_log=False,
        log_config=None,
        server_header=False,
        date_header=False,
        proxy_headers=bool(settings.trusted_proxies),
        forwarded_allow_ips=settings.trusted_proxies or None,
        timeout_graceful_shutdown=8,
    )

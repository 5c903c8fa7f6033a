"""How is the web application run? By uvicorn, on uvloop and httptools, in one process or several."""

import os

import uvicorn
from starlette.applications import Starlette

from imarisha.logs import configure
from imarisha.settings import Settings, read
from imarisha.web import create_app
from imarisha.wiring import build


def application() -> Starlette:
    """The application from this process's environment; uvicorn calls it in each process."""
    settings = read(os.environ)
    configure(settings.log_level)
    return create_app(build(settings))


def serve(settings: Settings) -> None:
    """Serve until SIGTERM or SIGINT."""
    uvicorn.run(
        "imarisha.serve:application",
        factory=True,
        host=settings.web_host,
        port=settings.web_port,
        workers=settings.web_processes if settings.web_processes > 1 else None,
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

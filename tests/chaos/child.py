"""`python -m tests.chaos.child web PORT-NUMBER` or `worker`: the real process, but for its clock."""

import asyncio
import os
import socket
import sys

import uvicorn
import uvloop

from imarisha import worker
from imarisha.logs import configure
from imarisha.settings import read
from imarisha.supervisor import end_with_parent
from imarisha.web import create_app
from imarisha.wiring import Replacements, build
from tests.chaos.clock import clock_of


def main(role: str, inherited: str = "") -> None:
    end_with_parent()
    settings = read(os.environ)
    configure(settings.log_level)
    system = build(settings, Replacements(clock=clock_of(os.environ)))
    if role == "worker":
        uvloop.run(worker.run(system))
        return
    config = uvicorn.Config(
        create_app(system), loop="uvloop", http="httptools", access_log=False, log_config=None, lifespan="on"
    )
    uvicorn.Server(config).run([socket.socket(fileno=int(inherited))])


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except (KeyboardInterrupt, asyncio.CancelledError):
        sys.exit(0)

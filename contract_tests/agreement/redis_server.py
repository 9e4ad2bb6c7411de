"""A Redis server of Debian's packages on a free port of loopback, while a test needs it."""

from __future__ import annotations

import contextlib
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator

from redis import Redis
from redis.exceptions import RedisError

from contract_tests.mock.prism import free_port
from contract_tests.mock.process_group import ProcessGroup

START_SECONDS = 20.0
INSTALL = "apt-get install redis-server"


def missing() -> str:
    """Why there is no Redis here and what installs it; empty where there is one."""
    if shutil.which("redis-server"):
        return ""
    return f"no Redis server on this machine: {INSTALL}"


@contextlib.contextmanager
def running_redis() -> Iterator[str]:
    """The address of an empty server that keeps nothing and is gone afterwards."""
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="foxapi-redis-") as directory:
        command = ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--dir", directory]
        command += ["--save", "", "--appendonly", "no", "--daemonize", "no"]
        with ProcessGroup() as group:
            _wait(group.start(command), port)
            yield f"redis://127.0.0.1:{port}/0"


def _wait(process: subprocess.Popen[bytes], port: int) -> None:
    deadline = time.monotonic() + START_SECONDS
    with Redis(host="127.0.0.1", port=port) as client:
        while True:
            try:
                client.ping()
            except RedisError as error:
                if process.poll() is not None or time.monotonic() > deadline:
                    raise RuntimeError("redis-server did not start") from error
                time.sleep(0.02)
            else:
                return

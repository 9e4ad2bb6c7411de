"""A Postgres server of Debian's packages on a free port of loopback, while a test needs it."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from contract_tests.mock.prism import HOST, free_port
from contract_tests.mock.process_group import ProcessGroup

START_SECONDS = 20.0
INSTALL = "apt-get install postgresql"
# What no error, log or output may have.
PASSWORD = "pass-word/?end-of-it"  # noqa: S105
_QUOTED = "pass-word%2F%3Fend-of-it"
_ROLE = "fox"


def _programs() -> Path | None:
    """Where initdb and postgres are: Debian's are on nobody's PATH."""
    found = shutil.which("initdb")
    places = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), reverse=True)
    at = Path(found).resolve() if found else next(iter(places), None)
    return at.parent if at is not None and (at.parent / "postgres").exists() else None


def missing() -> str:
    """Why there is no Postgres here and what installs it; empty where there is one."""
    return "" if _programs() else f"no Postgres server on this machine: {INSTALL}"


@dataclass(frozen=True)
class Running:
    """A server that runs.

    Attributes:
        port: Where, on loopback.
        process: It.
    """

    port: int
    process: subprocess.Popen[bytes]

    def url(self, database: str = "postgres") -> str:
        """The address of a database, with the password."""
        return f"postgresql://{_ROLE}:{_QUOTED}@{HOST}:{self.port}/{database}"

    def made(self, database: str) -> str:
        """The address of a new database."""
        with psycopg.connect(self.url(), autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{database}"')
        return self.url(database)


@contextlib.contextmanager
def running_postgres() -> Iterator[Running]:
    """An empty server that is gone afterwards."""
    programs = _programs()
    assert programs is not None, missing()
    # It refuses to run as root; Debian's package has made this user for it.
    is_root = os.getuid() == 0
    options: dict[str, Any] = {"user": "postgres", "group": "postgres"} if is_root else {}
    with tempfile.TemporaryDirectory(prefix="foxapi-postgres-") as directory:
        place = Path(directory)
        if is_root:
            shutil.chown(place, "postgres", "postgres")
        secret = place / "password"
        secret.write_text(PASSWORD)
        secret.chmod(0o644)  # in a directory that only that user can enter
        data = place / "data"
        make = f"--username={_ROLE} --auth=scram-sha-256 --encoding=UTF8 --no-locale --no-sync"
        subprocess.run(
            [programs / "initdb", f"--pgdata={data}", f"--pwfile={secret}", *make.split()],
            check=True,
            stdout=subprocess.DEVNULL,
            cwd="/",
            **options,
        )
        port = free_port()
        settings = {
            "listen_addresses": HOST,
            "port": port,
            "unix_socket_directories": "",
            "fsync": "off",
            "max_connections": 200,
            "logging_collector": "off",
        }
        command = [str(programs / "postgres"), "-D", str(data)]
        command += [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        with ProcessGroup() as group:
            process = group.start(command, Path(directory) / "log", cwd="/", **options)
            running = Running(port, process)
            try:
                _wait(running, Path(directory) / "log")
                yield running
            finally:
                if process.poll() is None:
                    process.send_signal(signal.SIGQUIT)  # at once, and gives back its memory
                    with contextlib.suppress(subprocess.TimeoutExpired):
                        process.wait(10)


def _wait(running: Running, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            psycopg.connect(running.url(), connect_timeout=5).close()
        except psycopg.OperationalError as error:
            if running.process.poll() is not None or time.monotonic() > deadline:
                said = log.read_text("utf-8", "replace")[-2000:]
                raise RuntimeError(f"postgres did not start: {said}") from error
            time.sleep(0.02)
        else:
            return

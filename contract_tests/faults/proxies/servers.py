"""nginx, haproxy and the API behind them, on free ports of loopback, each ended in every case."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from pathlib import Path
from typing import IO

from contract_tests.faults.proxies.situations import (
    HAPROXY,
    KILLED,
    LIMITED,
    NGINX,
    PAGE,
    RELOADED,
    SITUATIONS,
    TUNNEL,
    Situation,
)
from contract_tests.faults.server import HOST
from contract_tests.mock.prism import free_port
from contract_tests.mock.process_group import ProcessGroup
from overlays.bundle import ROOT

START_SECONDS = 30.0
_PACKAGES = {"nginx": "nginx", "haproxy": "haproxy", "openssl": "openssl"}
# What is meant for the administrator is not on everybody's PATH.
_PATH = f"{os.environ.get('PATH', os.defpath)}:/usr/sbin:/sbin"
_PAUSE = 0.4
_BUSY = f"HTTP/1.0 503 Sorry\r\nRetry-After: 0\r\nContent-Type: text/html\r\n\r\n{PAGE}"


def missing() -> str:
    """Which programs are missing here and what installs them; empty where none is."""
    absent = [package for name, package in _PACKAGES.items() if not shutil.which(name, path=_PATH)]
    return f"not on this machine: apt-get install {' '.join(absent)}" if absent else ""


class Process:
    """A program in the foreground. It ends with this process too, however that ends."""

    def __init__(self, arguments: list[str], log: Path, *, pipe: int | None = None) -> None:
        """Start it. What it says goes to the log; what it prints to `pipe`, where that is given."""
        self.log = log
        program = shutil.which(arguments[0], path=_PATH) or arguments[0]
        self._group = ProcessGroup()
        self._group.__enter__()
        with log.open("ab") as errors:
            self.process = subprocess.Popen(
                [program, *arguments[1:]],
                stdin=subprocess.DEVNULL,
                stdout=errors if pipe is None else pipe,
                stderr=errors,
                cwd=ROOT,
                process_group=self._group.id,
            )

    def listens(self, port: int) -> bool:
        """Wait until somebody listens on a port; whether that is this program, which still runs."""
        deadline = time.monotonic() + START_SECONDS
        while self.process.poll() is None and time.monotonic() < deadline:
            with contextlib.suppress(OSError), socket.create_connection((HOST, port), 1):
                return True
            time.sleep(0.02)
        return False

    def kill_workers(self) -> None:
        """Kill its children; it starts others."""
        pid = self.process.pid
        for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
            with contextlib.suppress(ProcessLookupError):
                os.kill(int(child), signal.SIGKILL)

    def end(self) -> None:
        """End it and what it started."""
        self.process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(START_SECONDS)
        self.kill()

    def kill(self) -> None:
        """Kill it and what it started."""
        self._group.__exit__(None, None, None)
        self.process.wait()


class Api:
    """The process of the API, and what it accepted so far.

    Attributes:
        ports: Where it listens, by what for.
        accepted: How often it accepted each sending, by call and sending.
    """

    def __init__(self, directory: Path, certificate: Path | None = None) -> None:
        """Start it; with a certificate also the CONNECT proxy, which leads to it."""
        self._log = directory / "api.log"
        self.accepted: Counter[tuple[str, str]] = Counter()
        # Bound here too, so that nobody else gets the port while it is killed.
        self._place = socket.socket()
        self._place.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        self._place.bind((HOST, 0))
        self._command = [sys.executable, "-m", "contract_tests.faults.proxies.api"]
        self._command += ["--port", str(self._place.getsockname()[1])]
        self._command += ["--certificate", str(certificate)] if certificate else []
        self.start()

    def start(self) -> None:
        """Start it, on the port that it has."""
        self._process = Process(self._command, self._log, pipe=subprocess.PIPE)
        pipe = self._process.process.stdout
        assert pipe is not None
        first = pipe.readline()
        if not first:
            raise RuntimeError(f"the API did not start: {self._log.read_text()}")
        self.ports: dict[str, int] = json.loads(first)
        self._reading = threading.Thread(target=self._read, args=[pipe], daemon=True)
        self._reading.start()

    def kill(self) -> None:
        """Kill it at once, whatever it is doing; what it said until then counts."""
        self._process.kill()
        self._reading.join(START_SECONDS)

    def end(self) -> None:
        """Kill it for good."""
        self.kill()
        self._place.close()

    def _read(self, pipe: IO[bytes]) -> None:
        with pipe:
            for line in pipe:
                each = json.loads(line)
                self.accepted[each["call"], each["sending"]] += 1


class Servers:
    """All that the situations need, started; a context manager ends it.

    Attributes:
        certificate: Who the API is behind the CONNECT proxy.
    """

    def __init__(self, directory: Path, situations: tuple[Situation, ...] = SITUATIONS) -> None:
        """Prepare for situations, in an empty directory."""
        self.certificate = directory / "certificate.pem"
        self._directory = directory
        self._situations = situations
        self._stack = contextlib.ExitStack()
        self._stopping = threading.Event()
        self._proxies: dict[tuple[str, str], tuple[Process, int]] = {}

    def __enter__(self) -> Servers:
        with contextlib.ExitStack() as stack:
            self._start(stack)
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *error: object) -> None:
        self._stack.close()

    def port(self, situation: Situation) -> int:
        """Where the proxy of a situation listens."""
        if situation.proxy == TUNNEL:
            return self._api.ports["tunnel"]
        return self._proxies[situation.proxy, situation.disturbed][1]

    @property
    def slow(self) -> int:
        """Where the slow line begins."""
        return self._api.ports["slow"]

    def accepted(self) -> Counter[tuple[str, str]]:
        """How often each sending of each call was accepted; whole once all is ended."""
        return self._api.accepted + self._fragile.accepted

    def _start(self, stack: contextlib.ExitStack) -> None:
        _certify(self.certificate)
        self._api = Api(self._directory, self.certificate)
        stack.callback(self._api.end)
        self._fragile = Api(self._directory)
        stack.callback(self._fragile.end)
        # Bound and not listening: connections are refused, and nobody else gets the port.
        dead = stack.enter_context(socket.socket())
        dead.bind((HOST, 0))
        self._ports = {
            "api": self._api.ports["api"],
            "racing": self._api.ports["api"],
            "killed": self._fragile.ports["api"],
            "dead": dead.getsockname()[1],
        }
        for kind in dict.fromkeys((x.proxy, x.disturbed) for x in self._situations):
            if kind[0] != TUNNEL:
                process, port = self._proxy(*kind)
                stack.callback(process.end)
                self._proxies[kind] = process, port
        disturbing = threading.Thread(target=self._disturb)
        disturbing.start()
        stack.callback(disturbing.join)
        stack.callback(self._stopping.set)

    def _proxy(self, kind: str, disturbed: str) -> tuple[Process, int]:
        directory = self._directory / f"{kind}-{disturbed or 'steady'}"
        directory.mkdir()
        (directory / "busy.http").write_bytes(_BUSY.encode())
        for _ in range(3):  # another program may be given the port in between
            port = free_port()
            if kind == NGINX:
                text = nginx_configuration(self._situations, directory, port, self._ports)
                arguments = ["nginx", "-e", "stderr", "-c"]
            else:
                text = haproxy_configuration(self._situations, directory, port, self._ports)
                arguments = ["haproxy", "-W", "-f"]
            configuration = directory / "configuration"
            configuration.write_text(text)
            process = Process([*arguments, str(configuration)], directory / "log")
            if process.listens(port):
                return process, port
            process.end()
        raise RuntimeError(f"{kind} did not start: {process.log.read_text()}")

    def _disturb(self) -> None:
        """Reload and kill what is to be reloaded and killed, now and then."""
        fragile = any(each.server == "killed" for each in self._situations)
        while not self._stopping.wait(_PAUSE):
            for (kind, disturbed), (process, _) in self._proxies.items():
                if disturbed == RELOADED:
                    again = signal.SIGHUP if kind == NGINX else signal.SIGUSR2
                    process.process.send_signal(again)
                elif disturbed == KILLED:
                    process.kill_workers()
            if fragile:
                self._fragile.kill()
                self._fragile.start()


def nginx_configuration(
    situations: tuple[Situation, ...], directory: Path, port: int, ports: dict[str, int]
) -> str:
    """The configuration of nginx, with a location for each situation."""
    pages = directory / "pages"
    pages.mkdir(exist_ok=True)
    for name in ("busy.html", "sorry.html"):
        (pages / name).write_text(PAGE)
    temporary = "\n".join(
        f"{kind}_temp_path {directory}/{kind};"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    upstreams = "\n".join(
        f"upstream {name} {{ {servers} keepalive 8; }}"
        for name, servers in {
            **{name: f"server {HOST}:{number} max_fails=0;" for name, number in ports.items()},
            "doubled": f"server {HOST}:{ports['api']} max_fails=0;" * 2,
        }.items()
    )
    locations = "\n".join(
        f"location /{each.slug}/ {{ proxy_pass http://{each.server}; {each.config} }}"
        for each in situations
        if each.proxy == NGINX
    )
    user = "user root;" if os.geteuid() == 0 else ""
    return f"""
daemon off;
{user}
pid {directory}/pid;
worker_processes 2;
events {{ worker_connections 512; }}
http {{
access_log off;
{temporary}
proxy_http_version 1.1;
proxy_set_header Connection "";
proxy_set_header X-Sending $request_id;
limit_req_zone $server_addr zone=few:32k rate=6r/m;
limit_req_zone $server_addr zone=pages:32k rate=6r/m;
{upstreams}
server {{
listen {HOST}:{port};
root {directory};
location /pages/ {{ internal; add_header Retry-After 0 always; }}
location /pages/sorry.html {{ internal; }}
location /pages/denied/ {{ internal; deny all; }}
location @static {{ rewrite .* /pages/busy.html break; }}
location @nothing {{ return 204; }}
location @limited {{ default_type application/json; return 429 '{LIMITED}'; }}
{locations}
}}
}}
"""


def haproxy_configuration(
    situations: tuple[Situation, ...], directory: Path, port: int, ports: dict[str, int]
) -> str:
    """The configuration of haproxy, with a backend for each situation."""
    backends = "\n".join(
        f"backend {each.slug}\n"
        f"{each.config.replace('busy.http', f'{directory}/busy.http')}\n"
        f"server api {HOST}:{ports[each.server]}\n"
        for each in situations
        if each.proxy == HAPROXY
    )
    return f"""
global
maxconn 500
defaults
mode http
timeout connect 5s
timeout client 30s
timeout server 30s
frontend clients
bind {HOST}:{port}
unique-id-format %[uuid()]
unique-id-header X-Sending
use_backend %[path,field(2,/)]
{backends}
"""


def _certify(path: Path) -> None:
    """Make a certificate for the hosts of the CONNECT proxy, with its key in the same file."""
    command = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2"
    names = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:*.proxies.invalid"]
    files = ["-keyout", str(path), "-out", str(path)]
    subprocess.run([*command.split(), *names, *files], capture_output=True, check=True)

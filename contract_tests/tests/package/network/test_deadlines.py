"""A blocking call as a whole keeps to its timeout, whatever its connection consists of."""

from __future__ import annotations

import socket
from typing import Any

import httpcore
import pytest

from foxapi_video.deadline_network import fitted
from foxapi_video.deadlines import deadline


class Network(httpcore.NetworkBackend):
    """A network in which nothing answers: each attempt takes as long as it may."""

    def __init__(self, answering: str = "") -> None:
        self.now = 0.0
        self.tried: list[str] = []
        self._answering = answering

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Any = None,
    ) -> httpcore.NetworkStream:
        self.tried.append(host)
        if host == self._answering:
            return httpcore.NetworkStream()
        assert timeout is not None
        self.now += timeout
        raise httpcore.ConnectTimeout("nothing answers")


@pytest.fixture
def many(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every name has six addresses."""
    found = [
        (socket.AF_INET, socket.SOCK_STREAM, 6, "", (f"192.0.2.{number}", 443))
        for number in range(1, 7)
    ]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)


@pytest.mark.usefixtures("many")
def test_a_name_with_many_addresses_does_not_outlast_the_timeout(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Each address may take the time to connect, and all of them what is left of the call."""
    network = Network()
    monkeypatch.setattr("foxapi_video.deadlines.time.monotonic", lambda: network.now)
    with deadline(60), pytest.raises(httpcore.ConnectTimeout):
        fitted(network).connect_tcp("many.example", 443, 25.0)
    assert network.now == 60
    assert network.tried == ["192.0.2.1", "192.0.2.2", "192.0.2.3"]


@pytest.mark.usefixtures("many")
def test_an_address_that_answers_is_found_behind_those_that_do_not() -> None:
    network = Network(answering="192.0.2.3")
    with deadline(60):
        fitted(network).connect_tcp("many.example", 443, 1.0)
    assert len(network.tried) == 3


def test_a_name_is_looked_up_once_for_a_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    looked_up: list[str] = []

    def look_up(host: str, *_: Any, **__: Any) -> Any:
        looked_up.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("192.0.2.3", 443))]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    network = Network(answering="192.0.2.3")
    fitted(network).connect_tcp("one.example", 443, 1.0)
    assert looked_up == ["one.example"] and network.tried == ["192.0.2.3"]


def test_a_name_that_is_not_found_was_not_connected_to(monkeypatch: pytest.MonkeyPatch) -> None:
    def look_up(*_: Any, **__: Any) -> Any:
        raise socket.gaierror(socket.EAI_NONAME, "no such name")

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    with deadline(60), pytest.raises(httpcore.ConnectError, match="no such name"):
        fitted(Network()).connect_tcp("missing.example", 443, 1.0)

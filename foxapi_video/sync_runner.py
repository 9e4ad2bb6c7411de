"""Carry out plans with blocking calls."""

from __future__ import annotations

import contextlib
import os
import socket
import time
from collections.abc import Iterator
from typing import Any, TypeVar

import httpx

from foxapi_video.attempts import Attempt, Believed, believed, not_made
from foxapi_video.deadlines import deadline
from foxapi_video.errors import ConfigurationError, FoxAPIError
from foxapi_video.owners import HandedIn
from foxapi_video.settings import Key, Settings
from foxapi_video.steps import (
    BREAKS,
    Answer,
    Blocking,
    Close,
    Failure,
    Open,
    Outcome,
    Plan,
    Read,
    Report,
    Resolve,
    Send,
    Sleep,
    Step,
    answer_raised,
    client_arguments,
    failure,
    limits_of,
    one_of,
    parsed,
)

T = TypeVar("T")


class Connections:
    """The httpx clients of a FoxAPI and of the copies made of it: one for each process.

    A child of a fork neither uses nor closes its parent's. There is no lock: another thread may
    hold it at the fork, and a child would wait for ever.

    Attributes:
        believed: What shows that an attempt with them was not sent.
    """

    def __init__(self, client: httpx.Client | None, transport: httpx.BaseTransport | None) -> None:
        one_of(client, transport, not_a=httpx.AsyncClient)
        self._given = client
        self._transport = transport
        self._handed_in = HandedIn(client, transport)
        self.believed: Believed = "nothing" if client is None else believed(client)
        self._clients: dict[int, httpx.Client] = {}
        self._closed = False

    def client(self) -> httpx.Client:
        """The httpx client of this process.

        Raises:
            ConfigurationError: It is closed, or was handed in and used in another process.
        """
        process = os.getpid()
        self._handed_in.check(process, "process")
        client = self._given or self._clients.get(process) or self._made(process)
        if self._closed or client.is_closed:
            self.close()
            raise ConfigurationError("the client is closed")
        return client

    def close(self) -> None:
        """Close what was made here; a client that was handed in stays open."""
        if self._given is None:
            self._closed = True
            client = self._clients.pop(os.getpid(), None)
            if client is not None:
                client.close()

    def _made(self, process: int) -> httpx.Client:
        from foxapi_video.deadline_network import fit

        made = httpx.Client(**client_arguments(self._transport))
        fit(made)
        self.believed = believed(made)  # whatever has put its own into httpx
        # Another thread may have been faster; nothing was sent with this one.
        return self._clients.setdefault(process, made)


class Runner:
    """Carries out plans with connections and settings.

    Attributes:
        connections: What it sends with.
        settings: What its plans are made with.
    """

    def __init__(self, connections: Connections, settings: Settings) -> None:
        self.connections = connections
        self.settings = settings

    def run(self, plan: Plan[T]) -> T:
        """Carry out a plan in this thread, and give what it gives."""
        running = _Running(self.connections, self.settings.key)
        try:
            step = next(plan)
            while True:
                try:
                    given = running.perform(step)
                except BaseException as error:  # the plan says what an interruption leaves behind
                    step = plan.throw(error)
                else:
                    step = plan.send(given)
        except StopIteration as end:
            value: T = end.value
            return value


class _Running:
    """The state of one plan: what it has open."""

    def __init__(self, connections: Connections, key: Key) -> None:
        self._connections = connections
        self._key = key
        self._opened: httpx.Response | None = None
        self._chunks: Iterator[bytes] = iter(())

    def perform(self, step: Step) -> Any:
        match step:
            case Send():
                return self._send(step)
            case Sleep():
                time.sleep(step.seconds)
            case Report():
                step.callback(step.task)
            case Open():
                return self._open(step)
            case Read():
                return self._read(step)
            case Close():
                self._close()
            case Resolve():
                return resolve(step.host)
            case Blocking():
                return step.run()
        return None

    def _send(self, step: Send) -> Outcome:
        client = self._client()
        call = step.call
        attempt = Attempt(call, self._key, self._connections.believed)
        try:
            with deadline(step.timeout):
                request = client.build_request(
                    call.method,
                    parsed(call.url),
                    content=call.content,
                    headers=call.headers,
                    timeout=limits_of(step.timeout),
                    **call.arguments,
                )
                attempt.sends(request, attempt.trace)
                response = client.send(request, auth=self._key, stream=True, follow_redirects=False)
                try:
                    if attempt.answered(response):
                        for chunk in response.iter_raw():
                            attempt.take(chunk)
                finally:
                    response.close()
                return attempt.answer(response)
        except BREAKS as error:
            return attempt.outcome(error)
        except BaseException as error:
            attempt.interrupted(error)
            raise

    def _client(self) -> httpx.Client:
        try:
            return self._connections.client()
        except FoxAPIError:
            raise
        except Exception as error:  # such as a proxy of the environment that httpx can't use
            raise not_made(error, self._key) from None

    def _open(self, step: Open) -> Outcome:
        client = self._client()
        request = None
        try:
            with deadline(step.timeout):
                request = client.build_request(
                    "GET", step.url, headers=step.headers, timeout=limits_of(step.timeout)
                )
                # What a client of the user's signs its requests with is not for the link's host.
                request.headers.pop("Authorization", None)
                if step.meets is not None:
                    from foxapi_video.arrivals import Arrival  # only downloads need it

                    arrival = Arrival(step.url, step.meets)
                    request.extensions["trace"] = arrival.trace
                response = client.send(request, auth=None, stream=True, follow_redirects=False)
        except BREAKS as error:
            return answer_raised(error, request) or failure(error)
        self._opened = response
        self._chunks = response.iter_raw()
        return Answer(status=response.status_code, headers=response.headers)

    def _read(self, step: Read) -> bytes | Failure:
        try:
            with deadline(step.timeout):
                return next(self._chunks, b"")
        except BREAKS as error:
            return failure(error)

    def _close(self) -> None:
        response, self._opened = self._opened, None
        self._chunks = iter(())
        if response is not None:
            with contextlib.suppress(*BREAKS):
                response.close()


def resolve(host: str) -> list[str]:
    """The addresses of a host; none where it can't be looked up."""
    try:
        return [
            str(found[4][0]) for found in socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
        ]
    except (OSError, UnicodeError):
        return []

"""A create call behind a proxy: what fails before the request was begun has cost nothing."""

from __future__ import annotations

import asyncio
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from typing import Any

import httpcore
import httpx
import pytest
from httpx._utils import get_environment_proxies

from contract_tests.faults.behaviours import (
    FAULTS,
    Act,
    Behaviour,
    close_silently,
    connected,
    reset,
)
from contract_tests.faults.exchange import TASK_ID, Exchange
from contract_tests.faults.runs import BEHIND
from contract_tests.faults.server import FaultServer
from contract_tests.referees.samples import BODY
from contract_tests.tests.conftest import CERTIFICATE
from contract_tests.tests.package.conftest import KEY, QUICK
from foxapi_video import (
    APIConnectionError,
    APITimeoutError,
    AsyncFoxAPI,
    ConfigurationError,
    FoxAPI,
    OutcomeUnknown,
)
from foxapi_video.attempts import Attempt
from foxapi_video.deadline_network import proxies_of_environment
from foxapi_video.errors import SentRequest
from foxapi_video.settings import Key
from foxapi_video.steps import Call, Failure

Serve = Callable[..., FaultServer]
Create = Callable[..., str]


def _over_tls(exchange: Exchange, act: Act, reached: list[str]) -> None:
    """What an API behind TLS does with the request on a connection."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)
    with context.wrap_socket(exchange.connection, server_side=True) as connection:
        inner = Exchange(connection, exchange._stopping)
        inner.read_head()
        inner.read_body()
        reached.append(f"{inner.method} {inner.path}")
        act(inner)


def tunnel(act: Act, reached: list[str]) -> Behaviour:
    """A proxy that connects, with an API at the end of the tunnel that acts so."""
    return Behaviour("connects", connected(lambda it: _over_tls(it, act, reached)), tunnel=True)


def socks(reached: list[str]) -> Behaviour:
    """A SOCKS proxy that connects, with an API at its end that answers well."""

    def act(exchange: Exchange) -> None:
        connection = exchange.connection
        assert connection.recv(16)[0] == 5
        exchange.send(b"\x05\x00")  # no name and password are asked for
        assert connection.recv(64)[:4] == b"\x05\x01\x00\x01"  # connect to an address of IPv4
        exchange.send(b"\x05\x00\x00\x01" + bytes(6))
        _over_tls(exchange, Exchange.good, reached)

    return Behaviour("SOCKS", act, early=True)


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """No proxy in the environment."""
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    yield monkeypatch


@pytest.fixture(params=[True, False], ids=["environment", "transport"])
def by_environment(request: pytest.FixtureRequest) -> bool:
    """Whether the proxy is that of the environment, or that of a transport of the user's."""
    return bool(request.param)


@pytest.fixture(params=["sync", "async"])
def create(
    request: pytest.FixtureRequest, environment: pytest.MonkeyPatch, by_environment: bool
) -> Create:
    """Create a video through a proxy, with one client and the other."""

    def sync(proxy: str, **options: Any) -> str:
        transport = None if by_environment else httpx.HTTPTransport(proxy=proxy)
        with FoxAPI(KEY, transport=transport, **options) as fox:
            return fox.videos.create(BODY).id

    async def run(proxy: str, **options: Any) -> str:
        transport = None if by_environment else httpx.AsyncHTTPTransport(proxy=proxy)
        async with AsyncFoxAPI(KEY, transport=transport, **options) as fox:
            return (await fox.videos.create(BODY)).id

    def both(proxy: str, **options: Any) -> str:
        options = {"base_url": BEHIND, "retries": QUICK, **options}
        if by_environment:
            environment.setenv("HTTPS_PROXY", proxy)
        if request.param == "sync":
            return sync(proxy, **options)
        return asyncio.run(run(proxy, **options))

    return both


@pytest.mark.parametrize(
    "fault", [each for each in FAULTS if each.tunnel], ids=lambda each: each.name
)
def test_what_fails_at_connect_is_sent_again_and_then_no_answer(
    fault: Behaviour, serve: Serve, create: Create
) -> None:
    proxy = serve(fault, endless=True)
    hangs = "silence" in fault.name
    with pytest.raises(APIConnectionError) as caught:
        create(proxy.url, timeout=0.1 if hangs else 30.0)
    assert isinstance(caught.value, APITimeoutError) == hangs
    assert set(proxy.requests) <= {"CONNECT 127.0.0.1:9"}
    assert hangs or len(proxy.requests) == QUICK.retries + 1


def test_a_create_gets_through_a_proxy_that_failed_before(serve: Serve, create: Create) -> None:
    reached: list[str] = []
    closes = Behaviour("closes", close_silently)
    proxy = serve(closes, closes, tunnel(Exchange.good, reached))
    assert create(proxy.url) == TASK_ID
    assert len(proxy.requests) == 3 and reached == ["POST /v1/videos/generations"]


@pytest.mark.parametrize("by_environment", [True], indirect=True)
@pytest.mark.parametrize("scheme", ["socks5", "socks5h"])
def test_a_create_gets_through_a_socks_proxy_of_the_environment(
    scheme: str, serve: Serve, create: Create
) -> None:
    reached: list[str] = []
    proxy = serve(socks(reached))
    assert create(proxy.url.replace("http", scheme)) == TASK_ID
    assert reached == ["POST /v1/videos/generations"]


@pytest.mark.parametrize("by_environment", [True], indirect=True)
def test_a_certificate_is_believed_only_if_the_environment_names_it(
    environment: pytest.MonkeyPatch, serve: Serve, create: Create
) -> None:
    reached: list[str] = []
    proxy = serve(tunnel(Exchange.good, reached), endless=True)
    environment.delenv("SSL_CERT_FILE")
    with pytest.raises(APIConnectionError, match="CERTIFICATE_VERIFY_FAILED"):
        create(proxy.url)
    assert reached == []
    environment.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    assert create(proxy.url) == TASK_ID


@pytest.mark.parametrize("by_environment", [True], indirect=True)
@pytest.mark.parametrize("no_proxy", ["", "127.0.0.1", "*", "10.0.0.1, 127.0.0.1:1"])
def test_what_the_environment_excepts_is_asked_without_its_proxy(
    no_proxy: str, environment: pytest.MonkeyPatch, serve: Serve, create: Create
) -> None:
    proxy, api = serve(), serve()
    environment.setenv("HTTP_PROXY", proxy.url.removeprefix("http://"))
    environment.setenv("NO_PROXY", no_proxy)
    assert create("http://127.0.0.1:9", base_url=api.url) == TASK_ID
    excepted = no_proxy in ("127.0.0.1", "*")
    assert proxy.requests == ([] if excepted else [f"POST {api.url}/v1/videos/generations"])
    assert api.requests == (["POST /v1/videos/generations"] if excepted else [])


@pytest.mark.parametrize(
    "told",
    [
        {},
        {"HTTP_PROXY": "a:1", "HTTPS_PROXY": "https://user:pass@b:2", "ALL_PROXY": "socks5://c"},
        {"ALL_PROXY": "a", "NO_PROXY": "example.com, .example.org,LocalHost,http://x.example,,"},
        {"ALL_PROXY": "a", "NO_PROXY": "127.0.0.1,10.0.0.0/8,::1"},
        {"ALL_PROXY": "a", "NO_PROXY": "b, *"},
    ],
    ids=str,
)
def test_the_proxies_of_the_environment_are_those_that_httpx_reads(
    told: dict[str, str], environment: pytest.MonkeyPatch
) -> None:
    for name, value in told.items():
        environment.setenv(name, value)
    assert proxies_of_environment() == get_environment_proxies()


@pytest.mark.parametrize("act", [close_silently, reset])
def test_a_break_behind_the_tunnel_is_unknown_and_not_sent_again(
    act: Act, serve: Serve, create: Create
) -> None:
    reached: list[str] = []
    proxy = serve(tunnel(act, reached), endless=True)
    with pytest.raises(OutcomeUnknown):
        create(proxy.url)
    assert len(proxy.requests) == len(reached) == 1


@pytest.mark.parametrize(
    ("error", "kind", "sends"),
    [
        (httpx.ConnectError("refused"), APIConnectionError, 3),
        (httpx.ReadError("reset"), OutcomeUnknown, 1),
    ],
)
def test_a_transport_of_httpx_without_connections_is_judged_by_its_error(
    error: Exception, kind: type[Exception], sends: int
) -> None:
    """Any other one that tells nothing is not believed: see below."""
    sent: list[httpx.Request] = []

    def fail(request: httpx.Request) -> httpx.Response:
        sent.append(request)
        raise error

    with (
        FoxAPI(KEY, retries=QUICK, transport=httpx.MockTransport(fail)) as fox,
        pytest.raises(kind),
    ):
        fox.videos.create(BODY)
    assert len(sent) == sends


def test_a_transport_that_sends_again_by_itself_does_not_hide_what_it_sent(serve: Serve) -> None:
    """Its last error says that there was no connection; the time before there was one."""
    server = serve(Behaviour("closes", close_silently), endless=True)
    base = httpx.HTTPTransport()

    def twice(request: httpx.Request) -> httpx.Response:
        try:
            return base.handle_request(request)
        except httpx.TransportError:
            raise httpx.ConnectError("refused") from None

    with (
        base,
        FoxAPI(KEY, base_url=server.url, transport=httpx.MockTransport(twice)) as fox,
        pytest.raises(OutcomeUnknown),
    ):
        fox.videos.create(BODY)
    assert server.accepted == 1


def _forwarded(request: httpx.Request) -> None:
    """Send the request in another's name, so that nothing is traced; its answer is lost."""
    with httpx.Client(trust_env=False) as other:
        other.request(request.method, request.url, content=request.content)


def _late_after_all(request: httpx.Request) -> httpx.Response:
    _forwarded(request)
    raise httpx.ConnectTimeout("the answer did not come")


def _fails_over(request: httpx.Request) -> httpx.Response:
    _forwarded(request)
    request.url = request.url.copy_with(port=1)
    with httpx.HTTPTransport() as base:
        return base.handle_request(request)


def _of_another_method(request: httpx.Request) -> httpx.Response:
    request.method = "PUT"
    with httpx.HTTPTransport() as base:
        base.handle_request(request)
    raise httpx.ConnectError("refused")


def _unusable_after_all(request: httpx.Request) -> httpx.Response:
    _forwarded(request)
    raise httpx.UnsupportedProtocol("of the next server")


Sending = Callable[[httpx.Request], httpx.Response]


class _Own(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """A transport of the user's."""

    def __init__(self, act: Sending) -> None:
        self._act = act

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        return self._act(request)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        return self._act(request)


def _refused(request: httpx.Request) -> httpx.Response:
    raise httpx.ConnectError("refused")


@pytest.mark.parametrize(
    "act", [_late_after_all, _fails_over, _of_another_method, _unusable_after_all]
)
@pytest.mark.parametrize("way", ["transport", "http_client", "mounted", "async"])
def test_no_other_transport_is_believed_that_nothing_was_sent(
    way: str, act: Sending, serve: Serve
) -> None:
    server = serve(endless=True)
    options: dict[str, Any] = {"base_url": server.url, "retries": QUICK}

    async def create() -> None:
        async with AsyncFoxAPI(KEY, transport=_Own(act), **options) as fox:
            await fox.videos.create(BODY)

    with pytest.raises(OutcomeUnknown):
        if way == "async":
            asyncio.run(create())
        elif way == "transport":
            FoxAPI(KEY, transport=_Own(act), **options).videos.create(BODY)
        else:
            own = _Own(act)
            mounts = {"all://": own} if way == "mounted" else None
            with httpx.Client(transport=None if mounts else own, mounts=mounts) as client:
                FoxAPI(KEY, http_client=client, **options).videos.create(BODY)
    assert server.accepted == 1


def test_no_client_that_inherits_is_believed_either(serve: Serve) -> None:
    class Repeating(httpx.Client):
        def send(self, request: httpx.Request, **options: Any) -> httpx.Response:
            _forwarded(request)
            raise httpx.ConnectError("refused")

    server = serve(endless=True)
    with Repeating() as own, pytest.raises(OutcomeUnknown):
        FoxAPI(KEY, base_url=server.url, retries=QUICK, http_client=own).videos.create(BODY)
    assert server.accepted == 1


@pytest.mark.parametrize("kind", [httpx.Client, httpx.AsyncClient])
def test_nothing_is_believed_once_something_has_wrapped_what_httpx_makes(
    kind: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As tools do that record what a program sends."""
    monkeypatch.setattr(kind, "_init_transport", lambda self, **options: _Own(_refused))

    async def create() -> None:
        async with AsyncFoxAPI(KEY, retries=QUICK) as fox:
            await fox.videos.create(BODY)

    with pytest.raises(OutcomeUnknown):
        if kind is httpx.Client:
            FoxAPI(KEY, retries=QUICK).videos.create(BODY)
        else:
            asyncio.run(create())


def test_a_plain_client_of_ones_own_is_believed() -> None:
    with (
        FaultServer(refuse=True) as server,
        httpx.Client() as own,
        pytest.raises(APIConnectionError),
    ):
        FoxAPI(KEY, base_url=server.url, retries=QUICK, http_client=own).videos.create(BODY)


def _fails(response: httpx.Response) -> None:
    """A hook whose own call fails: to report the answer, say."""
    with httpx.Client(transport=httpx.MockTransport(_refused)) as other:
        other.get("http://127.0.0.1:9")


def _unusable(response: httpx.Response) -> None:
    raise httpx.InvalidURL("no address to report to")


def _other_method(request: httpx.Request) -> None:
    request.method = "PUT"


def _other_trace(request: httpx.Request) -> None:
    request.extensions = {"timeout": request.extensions["timeout"]}


@pytest.mark.parametrize("after", [_fails, _unusable])
@pytest.mark.parametrize("before", [None, _other_method, _other_trace])
@pytest.mark.parametrize("traced", [True, False])
def test_a_hook_that_fails_after_the_answer_does_not_hide_what_was_sent(
    traced: bool, before: Any, after: Any, serve: Serve
) -> None:
    server, sent = serve(endless=True), list[httpx.Request]()

    def answer(request: httpx.Request) -> httpx.Response:
        sent.append(request)
        return httpx.Response(200, json={"id": TASK_ID})

    hooks = {"request": [before] if before else [], "response": [after]}
    transport = httpx.HTTPTransport() if traced else httpx.MockTransport(answer)
    with (
        httpx.Client(transport=transport, event_hooks=hooks) as own,
        pytest.raises(OutcomeUnknown),
    ):
        FoxAPI(KEY, base_url=server.url, retries=QUICK, http_client=own).videos.create(BODY)
    assert len(server.requests) + len(sent) == 1


@pytest.mark.parametrize(
    ("events", "kind"),
    [
        ([("http11", b"CONNECT")], "unsent"),
        ([("http11", b"CONNECT"), ("http2", b"POST")], "broken"),
        ([("http2", b"POST")], "broken"),
        ([], "broken"),
    ],
)
def test_a_request_left_once_its_own_head_was_begun(
    events: list[tuple[str, bytes]], kind: str
) -> None:
    call = Call("POST", BEHIND, sent=SentRequest("POST", BEHIND), paid=True)
    attempt = Attempt(call, Key(KEY), "trace")
    attempt.sends(httpx.Request("POST", BEHIND), attempt.trace)
    for version, method in events:
        request = httpcore.Request(method, BEHIND)
        attempt.trace(f"{version}.send_connection_init.started", {"request": request})
        attempt.trace(f"{version}.send_request_headers.started", {"request": request})
    outcome = attempt.outcome(httpx.ReadError("reset"))
    assert isinstance(outcome, Failure) and outcome.kind == kind


def test_a_proxy_needs_an_httpcore_that_knows_proxies_and_says_so(
    monkeypatch: pytest.MonkeyPatch, serve: Callable[..., FaultServer]
) -> None:
    """httpx is content with any httpcore 1, and so is a client without a proxy."""
    monkeypatch.delattr(httpcore, "Proxy")
    server = serve()
    assert FoxAPI(KEY, base_url=server.url).tasks.get(TASK_ID).id == TASK_ID
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    with pytest.raises(ConfigurationError, match=r"httpcore>=1\.0\.6"):
        FoxAPI(KEY, base_url=server.url).tasks.get(TASK_ID)


@pytest.mark.parametrize("is_async", [False, True], ids=["sync", "async"])
@pytest.mark.parametrize("words", [b"", b"\x05", b"HTTP/1.1 503 x\r\n\r\n"])
def test_a_socks_proxy_that_talks_nonsense_was_sent_nothing(
    words: bytes, is_async: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = 0

    def nonsense(listener: socket.socket) -> None:
        nonlocal asked
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with connection:
                asked += 1
                connection.recv(100)
                connection.sendall(words)

    async def create() -> None:
        async with AsyncFoxAPI(KEY, base_url="http://127.0.0.1:9", retries=QUICK) as fox:
            await fox.videos.create(BODY)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=nonsense, args=[listener])
        thread.start()
        monkeypatch.setenv("ALL_PROXY", f"socks5://127.0.0.1:{listener.getsockname()[1]}")
        try:
            with pytest.raises(APIConnectionError) as caught:
                if is_async:
                    asyncio.run(create())
                else:
                    FoxAPI(KEY, base_url="http://127.0.0.1:9", retries=QUICK).videos.create(BODY)
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            thread.join()
    assert asked > 1 and "may have been" not in str(caught.value)

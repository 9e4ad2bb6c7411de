"""A service that is newer than the package: what is unknown here can be sent, and is told."""

from __future__ import annotations

import asyncio
import json
import logging
import re
from collections.abc import Callable
from typing import Any

import pytest

from contract_tests.faults.behaviours import Behaviour, refusal
from contract_tests.faults.server import FaultServer
from contract_tests.referees.samples import BODY, REQUEST, arguments_of
from contract_tests.tests.package.conftest import KEY, POLLING, QUICK, Run
from contract_tests.tests.package.virtual import World, answer, broken, task
from documentation import facts_files
from foxapi_video import (
    AsyncFoxAPI,
    ConfigurationError,
    FoxAPI,
    InvalidRequest,
    OutcomeUnknown,
    UnprocessableError,
    __version__,
    calls,
    check,
    checking,
)
from foxapi_video.settings import changed
from foxapi_video_client import pages
from overlays.bundle import ROOT, read_yaml

# No page will ever have these.
EXTRA = {"fox-camera": "dolly", "fox-lens": {"mm": [35, 50]}}
NEW = {"model": "fox-9", "prompt": "on", "fox-camera": "dolly"}
REFUSED = Behaviour("refused", refusal(422, "invalid_request_error"))


@pytest.fixture(autouse=True)
def _nothing_is_told_yet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checking, "_told", set())


@pytest.fixture(params=["sync", "async"])
def created(request: pytest.FixtureRequest) -> Callable[..., Any]:
    """Create or generate with one client and the other."""

    def both(url: str, body: Any, method: str = "create", of: Any = None, **more: Any) -> Any:
        options = {"base_url": url, "retries": QUICK, **(of or {})}
        if method == "generate":
            more["polling"] = POLLING
        if request.param == "sync":
            with FoxAPI(KEY, **options) as fox:
                return getattr(fox.videos, method)(body, **more)

        async def run() -> Any:
            async with AsyncFoxAPI(KEY, **options) as fox:
                return await getattr(fox.videos, method)(body, **more)

        return asyncio.run(run())

    return both


@pytest.mark.parametrize("method", ["create", "generate"])
@pytest.mark.parametrize("body", [BODY, REQUEST], ids=["mapping", "variant"])
def test_fields_beyond_the_documented_ones_are_sent(
    body: Any, method: str, created: Callable[..., Any], serve: Callable[..., FaultServer]
) -> None:
    server = serve()
    assert created(server.url, body, method, extra_body=EXTRA).id
    assert json.loads(server.bodies[0]) == {**BODY, **EXTRA}


def test_the_rest_is_checked(
    created: Callable[..., Any], serve: Callable[..., FaultServer]
) -> None:
    server = serve()
    with pytest.raises(InvalidRequest, match="fox-lens: no such field"):
        created(server.url, {**BODY, "fox-lens": 1}, extra_body={"fox-camera": "dolly"})
    assert server.requests == []


@pytest.mark.parametrize(
    ("extra", "problem"),
    [
        ({"model": "fox-9"}, "model: is in the request and in extra_body"),
        ({"camera": {1, 2}}, "can't be written as JSON"),
        ({"camera": "\ud800"}, "half a character"),
        ("camera", "extra_body: 'camera' is not an object"),
    ],
    ids=str,
)
def test_extra_fields_that_can_t_be_sent_are_refused(
    extra: Any, problem: str, connect: Callable[..., FoxAPI], serve: Callable[..., FaultServer]
) -> None:
    server = serve()
    with pytest.raises(InvalidRequest, match=problem):
        connect(server.url).videos.create(BODY, extra_body=extra)
    assert server.requests == []


@pytest.mark.parametrize("of", [{}, {"check": False}], ids=["call", "client"])
@pytest.mark.parametrize("method", ["create", "generate"])
def test_an_unknown_model_is_sent_unchecked(
    of: dict[str, Any],
    method: str,
    created: Callable[..., Any],
    serve: Callable[..., FaultServer],
) -> None:
    server = serve()
    more = {} if of else {"check": False}
    assert created(server.url, NEW, method, of=of, **more).id
    assert json.loads(server.bodies[0]) == NEW


def test_a_call_can_be_checked_where_the_client_does_not(connect: Callable[..., FoxAPI]) -> None:
    fox = connect("http://127.0.0.1:9", check=False)
    with pytest.raises(InvalidRequest, match="model: 'fox-9' is not one of"):
        fox.videos.create(NEW, check=True)
    with pytest.raises(InvalidRequest, match="model: 'fox-9' is not one of"):
        fox.with_options(check=True).videos.create(NEW)


@pytest.mark.parametrize("value", ["yes", 0], ids=repr)
def test_check_is_true_or_false(value: Any, connect: Callable[..., FoxAPI]) -> None:
    fox = connect("http://127.0.0.1:9")
    for told in (
        lambda: FoxAPI(KEY, check=value),
        lambda: fox.with_options(check=value),
        lambda: fox.videos.create(BODY, check=value),
    ):
        with pytest.raises(ConfigurationError, match="check is True or False"):
            told()


def test_what_is_no_json_object_is_refused_unchecked_too(connect: Callable[..., FoxAPI]) -> None:
    fox = connect("http://127.0.0.1:9", check=False)
    bodies: list[Any] = [None, [NEW], {**NEW, "camera": {1}}]
    for body in bodies:
        with pytest.raises(InvalidRequest):
            fox.videos.create(body)


@pytest.mark.parametrize(("checks", "extra"), [(False, None), (True, EXTRA)])
def test_what_may_be_accepted_is_not_sent_again(checks: bool, extra: Any) -> None:
    world = World(broken(), task("pending"))
    settings = changed(world.settings(), check=checks)
    with pytest.raises(OutcomeUnknown) as caught:
        world.run(calls.create(settings, BODY, extra))
    assert len(world.sends) == 1 and caught.value.request.body == {**BODY, **(extra or {})}


@pytest.mark.usefixtures("of_base")
@pytest.mark.parametrize(
    ("body", "line", "way"),
    [
        (
            {"model": "veo-3.1-fast", "prompt": "on"},
            "; did you mean veo3.1-fast?",
            "sent unchecked with check=False, or --json FILE --unchecked.",
        ),
        (
            {"model": "veo3.1-fast", "prompt": "on", "sise": "auto"},
            "no such field; did you mean size? (veo3.1-fast)",
            "sent unchecked with extra_body={'sise': ...}, or --extra sise=JSON.",
        ),
        (
            {"model": "veo3.1-fast", "prompt": "on", "timeout": 3},
            "no such field (veo3.1-fast)",
            "timeout is an option of the client: with_options(timeout=...).",
        ),
    ],
)
def test_what_is_unknown_is_refused_with_the_way_to_send_it(
    body: dict[str, Any], line: str, way: str, connect: Callable[..., FoxAPI]
) -> None:
    with pytest.raises(InvalidRequest) as caught:
        connect("http://127.0.0.1:9").videos.create(body)
    lines = str(caught.value).splitlines()
    assert lines[1].endswith(line) and lines[2].endswith(way) and len(lines) == 3
    assert ("newer" in lines[2]) == (f"foxapi-video {__version__}" in lines[2])


@pytest.mark.usefixtures("of_base")
def test_a_wrong_value_names_no_such_way(connect: Callable[..., FoxAPI]) -> None:
    with pytest.raises(InvalidRequest) as caught:
        connect("http://127.0.0.1:9").videos.create({"model": "veo3.1-fast", "prompt": 5})
    assert "unchecked" not in str(caught.value)


def test_a_message_says_when_its_pages_were_read(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    assert {file.page: file.read for file in facts_files.load_all()} == pages.READ
    read = dict.fromkeys(pages.READ, "2026-01-01")
    monkeypatch.setattr(pages, "READ", read | {"a later page": "2026-02-02"})
    words = f"known to foxapi-video {__version__} (read 2026-01-01)"
    for body, said in (
        ({**BODY, "fox-lens": 1}, words),
        (NEW, words.replace(")", " to 2026-02-02)")),
    ):
        with pytest.raises(InvalidRequest, match=re.escape(said)):
            FoxAPI(KEY).videos.create(body)
    with pytest.raises(UnprocessableError, match=re.escape(words)):
        World(answer(422, {})).run(calls.create(World().settings(), BODY))
    checking.note_accepted({**BODY, "fox-lens": 1})
    assert words in caplog.text


def test_a_refusal_of_what_the_check_allowed_says_so(
    created: Callable[..., Any], serve: Callable[..., FaultServer]
) -> None:
    server = serve(REFUSED, endless=True)
    with pytest.raises(UnprocessableError) as caught:
        created(server.url, BODY)
    first, second = str(caught.value).splitlines()
    assert _form() in second
    assert first.startswith("refused with 422") and f"foxapi-video {__version__}" in second
    assert len(server.requests) == 1, "it is refused once, and not sent again"


def _form() -> str:
    """What the form is called by which differences are reported."""
    form: str = read_yaml(ROOT / ".github/ISSUE_TEMPLATE/documentation-changed.yml")["name"]
    return form


@pytest.mark.parametrize("more", [{"check": False}, {"extra_body": EXTRA}], ids=str)
def test_a_refusal_of_what_was_not_checked_says_nothing_of_it(
    more: dict[str, Any], created: Callable[..., Any], serve: Callable[..., FaultServer]
) -> None:
    with pytest.raises(UnprocessableError) as caught:
        created(serve(REFUSED).url, BODY, **more)
    assert "foxapi-video" not in str(caught.value)


def test_a_success_of_what_the_check_refuses_is_logged_once(
    connect: Callable[..., FoxAPI],
    serve: Callable[..., FaultServer],
    caplog: pytest.LogCaptureFixture,
) -> None:
    videos = connect(serve().url).videos
    with caplog.at_level(logging.WARNING):
        for _ in range(3):
            videos.create(BODY, extra_body=EXTRA)
            videos.create(NEW, check=False)
        videos.create(BODY, check=False)  # it is documented
    told = [record.getMessage() for record in caplog.records if "does not allow" in record.message]
    assert len(told) == 2 and _form() in told[0], told
    assert all(f"foxapi-video {__version__}" in each for each in told)
    assert "fox-camera (additionalProperties), fox-lens (additionalProperties)" in told[0]
    assert "'fox-9': model (enum)" in told[1] and "dolly" not in caplog.text


def test_judging_a_success_never_loses_its_task(
    connect: Callable[..., FoxAPI],
    serve: Callable[..., FaultServer],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken_check(body: object) -> Any:
        raise FileNotFoundError("no schemas")

    monkeypatch.setattr(checking, "check", broken_check)
    assert connect(serve().url).videos.create(NEW, check=False).id


def test_what_is_told_has_a_bound() -> None:
    for number in range(checking._MOST_TOLD + 9):
        checking.note_accepted({"model": f"fox-{number}"})
    assert len(checking._told) == checking._MOST_TOLD


def test_the_command_line_sends_them_too(
    serve: Callable[..., FaultServer], run: Run, tmp_path: Any
) -> None:
    server = serve()
    (tmp_path / "new.json").write_text(json.dumps(NEW))
    (tmp_path / "known.json").write_text(json.dumps(BODY))
    extra = ["--extra", 'fox-camera="dolly"', "--extra", 'fox-lens={"mm": [35, 50]}']
    model = arguments_of(BODY)
    new = ["fox-9", "--extra", 'prompt="on"', "--extra", 'fox-camera="dolly"']
    for command, sent in (
        (["create", "--json", str(tmp_path / "new.json"), "--unchecked"], NEW),
        (["create", "--json", str(tmp_path / "known.json"), *extra], {**BODY, **EXTRA}),
        (["create", *model, *extra], {**BODY, **EXTRA}),
        (["generate", *model, *extra, "--poll", "0.01"], {**BODY, **EXTRA}),
        (["create", *model, "--unchecked"], BODY),
        (["create", *new, "--unchecked"], NEW),
        (["generate", *new, "--poll", "0.01", "--unchecked"], NEW),
    ):
        server.bodies.clear()
        ended = run(*command, url=server.url)
        assert ended.exit_code == 0, ended.output
        assert json.loads(server.bodies[0]) == sent
    assert check(NEW) != []


@pytest.mark.usefixtures("of_base")
@pytest.mark.parametrize("command", ["create", "generate"])
def test_an_unknown_model_on_the_command_line_names_the_way_to_send_it(
    command: str, run: Run
) -> None:
    ended = run(command, "veo-3.1-fast", "--prompt", "x", "--output", "json")
    assert ended.exit_code == 2
    said = json.loads(ended.stderr)["error"]["message"]
    assert "'veo-3.1-fast' is not one of " in said and "did you mean veo3.1-fast?" in said
    assert "is sent with --unchecked after it, and each of its fields by --extra NAME=JSON" in said
    ended = run("models", "veo-3.1-fast", "--output", "json")
    assert ended.exit_code == 2 and "did you mean veo3.1-fast?" in ended.stderr


@pytest.mark.parametrize("given", ["camera", "camera=dolly", "=5", "camera={"])
def test_an_extra_field_that_is_no_json_is_wrong_usage(
    given: str, serve: Callable[..., FaultServer], run: Run
) -> None:
    server = serve()
    ended = run("create", *arguments_of(BODY), "--extra", given, url=server.url)
    assert ended.exit_code == 2 and "NAME=JSON" in ended.output and server.requests == []


def test_an_extra_field_is_given_once(serve: Callable[..., FaultServer], run: Run) -> None:
    server = serve()
    twice = ["--extra", "camera=1", "--extra", "camera=2"]
    ended = run("create", *arguments_of(BODY), *twice, url=server.url)
    assert ended.exit_code == 2 and "camera" in ended.output and server.requests == []


def test_a_refusal_with_a_body_of_no_schema_is_plain() -> None:
    """What a gateway refuses with 422 in JSON is a refusal too."""
    world = World(answer(422, {"detail": "no"}))
    with pytest.raises(UnprocessableError, match="the two differ"):
        world.run(calls.create(world.settings(), BODY))

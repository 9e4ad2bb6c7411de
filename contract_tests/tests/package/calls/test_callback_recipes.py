"""The README's recipes for callbacks, each run in its framework."""

from __future__ import annotations

import asyncio
import importlib
import json
import re
import types
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest

from contract_tests.faults.server import FaultServer
from contract_tests.tests.package.conftest import KEY, QUICK
from foxapi_video import AsyncFoxAPI, Task, callbacks
from overlays.bundle import ROOT

RECIPES: list[str] = re.findall(r"^```py\n(.*?)^```", (ROOT / "README.md").read_text(), re.M | re.S)
DONE = {"id": "task-1", "status": "completed"}


def _recipe(word: str) -> str:
    (found,) = [text for text in RECIPES if word in text]
    return found


def _run(server: FaultServer, word: str, talk: Callable[[Any, Any], Awaitable[None]]) -> list[str]:
    """Run a recipe with a hook of ours, and talk to what it made; the ids that were handed over."""
    seen: list[str] = []

    async def handler(task: Task) -> None:
        seen.append(task.id)

    async def run() -> None:
        async with AsyncFoxAPI(KEY, base_url=server.url, retries=QUICK) as client:
            made: dict[str, Any] = {
                "callbacks": callbacks,
                "handler": handler,
                "AsyncFoxAPI": lambda: client,
            }
            exec(_recipe("callbacks.asgi("), made)  # noqa: S102 -- our README
            exec(_recipe(word), made)  # noqa: S102
            app = made.get("application") or made["app"]
            transport = httpx.ASGITransport(app)
            async with httpx.AsyncClient(transport=transport, base_url="http://hook") as http:
                await talk(made, http)

    asyncio.run(asyncio.wait_for(run(), 30))
    return seen


@pytest.mark.parametrize("framework", ["Starlette", "FastAPI"])
def test_a_route_takes_callbacks(framework: str, serve: Callable[..., FaultServer]) -> None:
    async def talk(made: dict[str, Any], http: httpx.AsyncClient) -> None:
        app = made["app"]
        if framework == "FastAPI":
            from fastapi import FastAPI

            (line,) = re.findall(r"^# or: (.*)", _recipe("Starlette("), re.M)
            made["FastAPI"] = FastAPI
            exec(line, made)  # noqa: S102
            app = made["app"]
            http._transport = httpx.ASGITransport(app)
        async with app.router.lifespan_context(app):
            assert (await http.post("/foxapi", json=DONE)).status_code == 200
            assert (await http.get("/foxapi")).status_code == 405

    assert _run(serve(), "Starlette(", talk) == ["task-1"], "also at the end of the program"


def test_what_the_readme_says_of_mount_is_so(serve: Callable[..., FaultServer]) -> None:
    from fastapi import FastAPI

    async def talk(made: dict[str, Any], http: httpx.AsyncClient) -> None:
        app = FastAPI()
        app.mount("/foxapi", made["hook"])
        http._transport = httpx.ASGITransport(app)
        assert (await http.post("/foxapi", json=DONE)).status_code == 307
        assert (await http.post("/foxapi/", json=DONE)).status_code == 200
        await made["hook"].finish()

    assert _run(serve(), "Starlette(", talk) == ["task-1"]


def test_django_takes_callbacks(
    serve: Callable[..., FaultServer], monkeypatch: pytest.MonkeyPatch
) -> None:
    http_response = importlib.import_module("django.http").HttpResponse
    path = importlib.import_module("django.urls").path
    urls = types.ModuleType("urls")
    vars(urls)["urlpatterns"] = [path("own", lambda request: http_response("Django's"))]
    settings = importlib.import_module("django.conf").settings
    settings.configure(SECRET_KEY="x" * 50, ROOT_URLCONF=urls, ALLOWED_HOSTS=["*"])

    async def talk(made: dict[str, Any], http: httpx.AsyncClient) -> None:
        assert (await http.get("/own")).text == "Django's"
        assert (await http.post("/foxapi", content=json.dumps(DONE))).status_code == 200
        messages = iter([{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}])

        async def receive() -> Any:
            return next(messages)

        async def send(message: Any) -> None:
            assert message["type"].endswith(".complete")

        await made["application"]({"type": "lifespan"}, receive, send)

    assert _run(serve(), "get_asgi_application", talk) == ["task-1"]

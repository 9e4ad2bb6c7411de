"""FoxAPI Video: make videos safely. Checked before they are sent, never paid for twice.

    from foxapi_video import FoxAPI, Veo31FastRequest

    with FoxAPI() as fox:
        task = fox.videos.generate(Veo31FastRequest(prompt="..."))
        fox.videos.download(task, "out.mp4")

Each name is imported when it is first used (PEP 562). The request variants come from the generated
client: one that is generated tomorrow is here tomorrow.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from foxapi_video import callbacks, errors
    from foxapi_video.async_client import AsyncFoxAPI
    from foxapi_video.checking import check
    from foxapi_video.client import FoxAPI
    from foxapi_video.errors import *  # noqa: F403 -- the whole tree
    from foxapi_video.retries import RetryPolicy
    from foxapi_video.steps import Answer
    from foxapi_video.tasks import StoredFile, Task
    from foxapi_video.version import __version__
    from foxapi_video.violations import Violation
    from foxapi_video.waiting import Polling
    from foxapi_video_client import models as _models
    from foxapi_video_client.models import *  # noqa: F403 -- whatever is generated
    from foxapi_video_client.types import UNSET, Unset

    __all__ = [
        "UNSET",
        "Answer",
        "AsyncFoxAPI",
        "FoxAPI",
        "Polling",
        "RetryPolicy",
        "StoredFile",
        "Task",
        "Unset",
        "Violation",
        "__version__",
        "callbacks",
        "check",
        "errors",
    ]
    __all__ += errors.__all__
    __all__ += _models.__all__

_MODULES = {
    "UNSET": "foxapi_video_client.types",
    "Answer": "foxapi_video.steps",
    "AsyncFoxAPI": "foxapi_video.async_client",
    "FoxAPI": "foxapi_video.client",
    "Polling": "foxapi_video.waiting",
    "RetryPolicy": "foxapi_video.retries",
    "StoredFile": "foxapi_video.tasks",
    "Task": "foxapi_video.tasks",
    "Unset": "foxapi_video_client.types",
    "Violation": "foxapi_video.violations",
    "__version__": "foxapi_video.version",
    "check": "foxapi_video.checking",
}
_SUBMODULES = ("callbacks", "errors")
# Their own lists say which names they have: neither is repeated here.
_LISTS = ("foxapi_video.errors", "foxapi_video_client.models")


def __getattr__(name: str) -> Any:
    value = _names() if name == "__all__" else _find(name)
    globals()[name] = value
    return value


def _find(name: str) -> Any:
    if name in _MODULES:
        return getattr(import_module(_MODULES[name]), name)
    if name in _SUBMODULES:
        return import_module(f"{__name__}.{name}")
    for listed in () if name.startswith("_") else _LISTS:
        module = import_module(listed)
        if name in module.__all__:
            return getattr(module, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def _names() -> list[str]:
    listed = (name for module in _LISTS for name in import_module(module).__all__)
    return sorted({*_MODULES, *_SUBMODULES, *listed})


def __dir__() -> list[str]:
    return _names()

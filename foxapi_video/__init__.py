"""FoxAPI Video: make videos safely. Checked before they are sent, never paid for twice.

    from foxapi_video import FoxAPI

    with FoxAPI() as fox:
        task = fox.videos.generate(model="veo3.1-fast", prompt="...")
        fox.videos.download(task, "out.mp4")

Each name is imported when it is first used (PEP 562). The request variants come from the generated
client: one that is generated tomorrow is here tomorrow.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    # Each as itself, or by a star from a list of names: that is what exports it to users.
    from foxapi_video import callbacks as callbacks
    from foxapi_video import errors as errors
    from foxapi_video.async_client import AsyncFoxAPI as AsyncFoxAPI
    from foxapi_video.catalog import FieldInfo as FieldInfo
    from foxapi_video.catalog import ModelInfo as ModelInfo
    from foxapi_video.catalog import VariantInfo as VariantInfo
    from foxapi_video.catalog import models as models
    from foxapi_video.checking import check as check
    from foxapi_video.client import FoxAPI as FoxAPI
    from foxapi_video.errors import *  # noqa: F403 -- the whole tree
    from foxapi_video.options import RetryPolicy as RetryPolicy
    from foxapi_video.steps import Answer as Answer
    from foxapi_video.tasks import StoredFile as StoredFile
    from foxapi_video.tasks import Task as Task
    from foxapi_video.version import __version__ as __version__
    from foxapi_video.violations import Violation as Violation
    from foxapi_video.waiting import Polling as Polling
    from foxapi_video_client.models import *  # noqa: F403 -- whatever is generated
    from foxapi_video_client.types import UNSET as UNSET
    from foxapi_video_client.types import Unset as Unset

_MODULES = {
    "UNSET": "foxapi_video_client.types",
    "Answer": "foxapi_video.steps",
    "AsyncFoxAPI": "foxapi_video.async_client",
    "FieldInfo": "foxapi_video.catalog",
    "FoxAPI": "foxapi_video.client",
    "ModelInfo": "foxapi_video.catalog",
    "Polling": "foxapi_video.waiting",
    "RetryPolicy": "foxapi_video.options",
    "StoredFile": "foxapi_video.tasks",
    "Task": "foxapi_video.tasks",
    "Unset": "foxapi_video_client.types",
    "VariantInfo": "foxapi_video.catalog",
    "Violation": "foxapi_video.violations",
    "__version__": "foxapi_video.version",
    "check": "foxapi_video.checking",
    "models": "foxapi_video.catalog",
}
_SUBMODULES = ("callbacks", "errors")
# Their own lists say which names they have: neither is repeated here.
_LISTS = ("foxapi_video.errors", "foxapi_video_client.models")


if not TYPE_CHECKING:  # or a misspelt name would be Any

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

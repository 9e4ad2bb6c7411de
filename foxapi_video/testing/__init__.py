"""A pretend FoxAPI for the tests of programs that use this package: no server, no key, no money.

    from foxapi_video import FoxAPI
    from foxapi_video.testing import QUICK, PretendAPI

    api = PretendAPI()
    with FoxAPI("any-key", transport=api, polling=QUICK) as fox:
        ...

Each name is imported when it is first used: pytest is needed for `pretend_api` only.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from foxapi_video.testing.behaviours import NAMES
    from foxapi_video.testing.fixtures import pretend_api
    from foxapi_video.testing.service import Received
    from foxapi_video.testing.states import PretendTask
    from foxapi_video.testing.transport import QUICK, PretendAPI
    from foxapi_video.testing.video import VIDEO

__all__ = ["NAMES", "QUICK", "VIDEO", "PretendAPI", "PretendTask", "Received", "pretend_api"]

_MODULES = {
    "NAMES": "behaviours",
    "QUICK": "transport",
    "VIDEO": "video",
    "PretendAPI": "transport",
    "PretendTask": "states",
    "Received": "service",
    "pretend_api": "fixtures",
}


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
    globals()[name] = value
    return value

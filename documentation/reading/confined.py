"""A page read in a process of its own, with limits of time and memory: it can hurt no other page.

The text goes in and the reading comes back as JSON. If the process ends without an answer, because
of its limits or a fault, that is a PageError of one line for this page.
"""

from __future__ import annotations

import json
import resource
import signal
import subprocess
import sys
from contextlib import suppress
from typing import Any

from documentation.fact import PageError, Reading, fault
from overlays.bundle import ROOT

MOST_SECONDS = 5  # of the processor's time; a page takes a hundredth of one
MOST_WAIT = 120.0  # seconds by the clock, for a machine that has other work
MOST_MEMORY = 512 << 20  # bytes
_READER = [sys.executable, "-m", "documentation.reading.confined"]


def read_confined(text: str, page: str, names: dict[str, list[str]] | None = None) -> Reading:
    """Like `documentation.reading.page.read_page`; a PageError too where it ends without answer."""
    request = json.dumps({"text": text, "page": page, "names": names})
    try:
        done = subprocess.run(
            _READER,
            input=request.encode(),
            capture_output=True,
            cwd=ROOT,
            timeout=MOST_WAIT,
            check=False,
        )
        answer = json.loads(done.stdout)
    except subprocess.TimeoutExpired:
        raise PageError("the page takes too long to read") from None
    except ValueError:
        raise PageError(_ended(done.returncode)) from None
    if "refused" in answer:
        raise PageError(answer["refused"])
    return Reading.from_data(answer)


def _ended(status: int) -> str:
    if status in (-signal.SIGXCPU, -signal.SIGKILL):
        return "the page takes too long or too much memory to read"
    how = f"signal {-status}" if status < 0 else f"status {status}"
    return f"the page ends its reader ({how})"


def limit() -> None:
    """Bound the time and the memory of this process; the end of its time is a PageError."""

    def out_of_time(*_: object) -> None:
        raise PageError("the page takes too long to read")

    signal.signal(signal.SIGXCPU, out_of_time)
    for kind, soft, hard in (
        (resource.RLIMIT_CPU, MOST_SECONDS, MOST_SECONDS + 1),
        (resource.RLIMIT_AS, MOST_MEMORY, MOST_MEMORY),
        (resource.RLIMIT_CORE, 0, 0),
    ):
        most = resource.getrlimit(kind)[1]
        most = hard if most == resource.RLIM_INFINITY else min(hard, most)
        with suppress(ValueError, OSError):  # no limit of this kind here
            resource.setrlimit(kind, (min(soft, most), most))


def answer(request: dict[str, Any]) -> dict[str, Any]:
    """The reading of a page as data, or the reason why it is refused."""
    from documentation.reading.page import read_page

    try:
        return read_page(request["text"], request["page"], request["names"]).as_data()
    except PageError as error:
        return {"refused": str(error)}
    except MemoryError:
        return {"refused": "the page takes too much memory to read"}
    except Exception as error:  # a fault of the reader is an answer too
        return {"refused": f"the reader has a fault that this page shows: {fault(error)}"}


if __name__ == "__main__":
    limit()
    sys.stdout.write(json.dumps(answer(json.load(sys.stdin))))

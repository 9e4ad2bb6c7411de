"""A signal ends a command at once, also when it comes in the moment before a wait begins."""

from __future__ import annotations

import signal
import socket
import threading
from collections.abc import Iterator

import pytest
import typer

from foxapi_video.cli import endings


@pytest.fixture(autouse=True)
def restored() -> Iterator[None]:
    """A command that a signal ended ignores further ones, as nothing comes after it."""
    before = {number: signal.getsignal(number) for number in endings.SIGNALS}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.parametrize("number", endings.SIGNALS, ids=lambda number: number.name)
def test_a_signal_that_interrupts_no_wait_is_heard_all_the_same(number: signal.Signals) -> None:
    """The system may hand a signal to another thread, or before the wait: neither ends the wait."""
    here, there = socket.socketpair()

    def elsewhere() -> None:
        there.recv(1)
        signal.pthread_kill(threading.get_ident(), number)

    thread = threading.Thread(target=elsewhere)
    thread.start()
    here.settimeout(20)
    with here, there:
        with pytest.raises(typer.Exit) as ended, endings.ending(endings.Output.TEXT):
            here.sendall(b".")
            here.recv(1)
        assert ended.value.exit_code == 128 + number
        thread.join()


def test_a_command_leaves_the_signals_as_it_found_them() -> None:
    threads, handlers = threading.active_count(), [signal.getsignal(n) for n in endings.SIGNALS]
    with endings.ending(endings.Output.TEXT):
        assert [signal.getsignal(number) for number in endings.SIGNALS] != handlers
    assert [signal.getsignal(number) for number in endings.SIGNALS] == handlers
    assert signal.set_wakeup_fd(-1) == -1 and threading.active_count() == threads

"""Debian's Chromium, driven headless with an empty profile that is gone afterwards."""

from __future__ import annotations

import contextlib
import json
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from selenium import webdriver

from contract_tests.mock.process_group import ProcessGroup

INSTALL = "apt-get install chromium chromium-driver"
FLAGS = (
    *("--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update", "--disable-extensions"),
)


def missing() -> str:
    """Why there is no browser here and what installs it; empty where there is one."""
    if shutil.which("chromium") and shutil.which("chromedriver"):
        return ""
    return f"no Chromium with its driver on this machine: {INSTALL}"


@contextlib.contextmanager
def running_browser() -> Iterator[webdriver.Chrome]:
    """A browser that records its console and what it asks the network for."""
    options = webdriver.ChromeOptions()
    options.binary_location = shutil.which("chromium") or ""
    with tempfile.TemporaryDirectory(prefix="foxapi-browser-") as profile:
        for flag in (*FLAGS, f"--user-data-dir={profile}"):
            options.add_argument(flag)
        # Its own first page is a site of 80 files.
        first = {"restore_on_startup": 4, "startup_urls": ["about:blank"]}
        options.add_experimental_option("prefs", {"session": first})
        options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
        with ProcessGroup() as group:
            service = webdriver.ChromeService(
                executable_path=shutil.which("chromedriver"), popen_kw={"process_group": group.id}
            )
            browser = webdriver.Chrome(options=options, service=service)
            try:
                yield browser
            finally:
                browser.quit()


def requests(browser: webdriver.Chrome) -> list[str]:
    """The addresses that pages asked for since the last call."""
    events = [json.loads(entry["message"])["message"] for entry in log(browser, "performance")]
    return [
        event["params"]["request"]["url"]
        for event in events
        if event["method"] == "Network.requestWillBeSent"
    ]


def log(browser: webdriver.Chrome, kind: str) -> list[dict[str, Any]]:
    """What the browser wrote into one of its logs since the last call."""
    read: Callable[[str], list[dict[str, Any]]] = browser.get_log
    return read(kind)


def open_file(browser: webdriver.Chrome, path: Path) -> None:
    """Open a file as a user does who clicks on it."""
    browser.get(path.resolve().as_uri())

"""Watching pages, and fetching them at all, against a server on loopback."""

from __future__ import annotations

import json
import socket
import sys
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

import httpcore
import httpx
import pytest

from contract_tests.tests.documentation.reading.expectation import PAGES
from documentation import commands
from documentation.changing import review
from documentation.changing.proposal import propose
from documentation.changing.review import Review, review_text
from documentation.fact import PageError
from documentation.facts_files import FactsFile
from documentation.reading import confined, fetching
from documentation.watching import watch as watching
from documentation.watching.watch import watch

SITE = {
    "/en/happyhorse-1.0-text-to-video.md": PAGES / "markdown" / "happyhorse-1.0-text-to-video.md",
    "/en/veo-3.1-extend.md": PAGES / "later" / "veo-3.1-extend.txt",
    "/en/sora-2.md": PAGES / "sora-2.txt",
}


class Site(BaseHTTPRequestHandler):
    """A documentation site with ETags, and some bad corners."""

    answers: ClassVar[list[tuple[str, int]]] = []
    lock: ClassVar[threading.Lock] = threading.Lock()
    now: ClassVar[int] = 0
    most: ClassVar[int] = 0

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        with Site.lock:
            Site.now += 1
            Site.most = max(Site.most, Site.now)
        try:
            self.answer()
        finally:
            with Site.lock:
                Site.now -= 1

    def answer(self) -> None:
        host = self.headers["Host"]
        if self.path == "/llms.txt":
            lines = "".join(f"- [Page](http://{host}{path}): a page\n" for path in SITE)
            self.send(200, lines.encode())
        elif self.path == "/loop":
            self.send(302, b"", {"Location": "/loop"})
        elif self.path == "/inward":
            self.send(302, b"", {"Location": "http://169.254.169.254/latest"})
        elif self.path == "/file":
            self.send(302, b"", {"Location": "file:///etc/passwd"})
        elif self.path == "/endless":
            self.send(200, b"x" * (3 << 20))
        elif self.path == "/etag":
            self.send(200, b"prompt", {"ETag": '"\xe9\x85"'})
        elif self.path == "/dated":
            date = "Sat, 01 Aug 2026 08:00:00 GMT"
            same = self.headers.get("If-Modified-Since") == date
            body = b"" if same else SITE["/en/sora-2.md"].read_bytes()
            self.send(304 if same else 200, body, {"Last-Modified": date})
        elif self.path in SITE:
            etag = f'"{len(self.path)}"'
            if self.headers.get("If-None-Match") == etag:
                self.send(304, b"")
            else:
                self.send(200, SITE[self.path].read_bytes(), {"ETag": etag})
        else:
            self.send(404, b"")

    def send(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
        with Site.lock:
            Site.answers.append((self.path, status))
        try:
            self.send_response(status)
            for name, value in (headers or {}).items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
        except (BrokenPipeError, ConnectionResetError):
            pass


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setenv(fetching.LOOPBACK_SWITCH, "1")
    monkeypatch.setattr(watching, "PACE", 0.0)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    Site.answers, Site.most = [], 0
    thread = threading.Thread(target=server.serve_forever, args=[0.01], daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


def watched(root: Path, text: str) -> dict[str, list[str]]:
    (root / "documentation" / "pages.yaml").write_text(text, "utf-8")
    return {
        page: [str(result)] if isinstance(result, PageError) else commands.told(result, root)
        for page, result in watch(root)
    }


def test_every_page_is_read_and_its_overlay_kept(site: str, checkout: Path) -> None:
    said = watched(
        checkout,
        f"index: {site}/llms.txt\npages:\n  happyhorse-1.0-text-to-video: ''\n"
        f"  veo-3.1-extend: {site}/en/veo-3.1-extend.md\n  unheard-of: ''\n",
    )
    assert said["unheard-of"] == ["can't be read: the site's index does not list it"]
    assert any("renamed: video is now video_url" in line for line in said["veo-3.1-extend"])
    proposed = checkout / "build" / "proposed"
    assert sorted(path.name for path in proposed.iterdir()) == [
        "happyhorse-1.0-text-to-video.overlay.yaml",
        "veo-3.1-extend.overlay.yaml",
    ]


@pytest.mark.parametrize(
    ("page", "code"), [("veo-3.1-extend", 0), ("sora-2", 1), ("unheard-of", 1)]
)
@pytest.mark.usefixtures("read_here")
def test_a_schedule_is_told_by_the_exit_code(
    checkout: Path, monkeypatch: pytest.MonkeyPatch, page: str, code: int
) -> None:
    """No news is 0; what changed, and what can't be read, is 1."""
    known = (PAGES / "standins" / "veo-3.1-extend.txt").read_text("utf-8")
    texts = {"veo-3.1-extend": known, "sora-2": (PAGES / "sora-2.txt").read_text("utf-8")}

    def fetched(root: Path) -> Iterator[tuple[str, Review | PageError]]:
        text = texts.get(page)
        yield page, review_text(text, page, "", checkout) if text else PageError("can't be read")

    monkeypatch.setattr(commands, "ROOT", checkout)
    monkeypatch.setattr("documentation.watching.watch.watch", fetched)
    assert commands.watch_command() == code


def test_a_page_that_hurts_its_reader_hurts_no_other(
    site: str, checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever is wrong with a page, or with the reader: the others have their turn."""
    program = """import json, os, sys
from documentation.reading import confined
request = json.load(sys.stdin)
if request["page"] == "sora-2":
    os.abort()
print(json.dumps(confined.answer(request)))
"""
    monkeypatch.setattr(confined, "_READER", [sys.executable, "-c", program])
    said = watched(
        checkout,
        f"pages:\n  sora-2: {site}/en/sora-2.md\n  absent: {site}/absent\n"
        f"  veo-3.1-extend: {site}/en/veo-3.1-extend.md\n",
    )
    assert said["sora-2"] == ["can't be read: the page ends its reader (signal 6)"]
    assert said["absent"] == ["can't be read: the address answers 404"]
    assert any("renamed: video is now video_url" in line for line in said["veo-3.1-extend"])


@pytest.mark.usefixtures("read_here")
def test_a_page_that_can_not_be_compared_leaves_the_others_their_turn(
    site: str, checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(file: FactsFile, *rest: Any, **more: Any) -> Any:
        if file.page == "sora-2":
            raise KeyError(file.page)
        return propose(file, *rest)

    monkeypatch.setattr("documentation.changing.review.propose", failing)
    said = watched(
        checkout,
        f"pages:\n  sora-2: {site}/en/sora-2.md\n  veo-3.1-extend: {site}/en/veo-3.1-extend.md\n",
    )
    assert said["sora-2"][0].startswith(
        "can't be compared with the spec: KeyError at test_watch.py"
    )
    assert any("renamed: video is now video_url" in line for line in said["veo-3.1-extend"])


@pytest.mark.parametrize("broken", ["[]", '{"address": 1}'])
@pytest.mark.usefixtures("read_here")
def test_a_cache_of_another_kind_is_read_anew(site: str, checkout: Path, broken: str) -> None:
    pages = f"pages:\n  sora-2: {site}/en/sora-2.md\n"
    watched(checkout, pages)
    (checkout / "build" / "watch" / "sora-2.json").write_text(broken, "utf-8")
    assert watched(checkout, pages)["sora-2"][0].startswith("changed: new page")
    assert [status for _, status in Site.answers] == [200, 200]


def test_links_without_an_end_are_no_pages(
    site: str, checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(SITE, "/index", checkout / "index")
    (checkout / "index").write_text("](http://" * 50_000 + "](http://a/b)", "utf-8")
    said = watched(checkout, f"index: {site}/index\npages:\n  sora-2: ''\n")
    assert said["sora-2"] == ["can't be read: the site's index does not list it"]


@pytest.mark.usefixtures("read_here")
def test_a_page_that_did_not_change_costs_a_short_answer(site: str, checkout: Path) -> None:
    pages = f"pages:\n  veo-3.1-extend: {site}/en/veo-3.1-extend.md\n"
    first, second = watched(checkout, pages), watched(checkout, pages)
    assert first == second
    assert [status for _, status in Site.answers] == [200, 304]


@pytest.mark.usefixtures("read_here")
def test_a_site_without_etags_is_asked_by_the_date(site: str, checkout: Path) -> None:
    pages = f"pages:\n  sora-2: {site}/dated\n"
    assert watched(checkout, pages) == watched(checkout, pages)
    assert [status for _, status in Site.answers] == [200, 304]


def test_no_more_than_one_request_a_second_is_begun(
    site: str, checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now, waits = [100.0], []

    def sleep(seconds: float) -> None:
        waits.append(seconds)
        now[0] += seconds

    monkeypatch.setattr(watching, "PACE", 1.0)
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    monkeypatch.setattr(time, "sleep", sleep)
    pages = "".join(f"  page-{n}: {site}/loop\n" for n in range(2))
    watched(checkout, f"pages:\n{pages}")
    assert len(waits) == len(Site.answers) == 12 and sum(waits) == 11, "redirects count too"


@pytest.mark.usefixtures("read_here")
def test_a_page_that_moved_is_found_by_its_models(
    site: str, checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watching, "read_confined", vars(review)["read_confined"])
    moved = PAGES / "later" / "veo-3.1-extend.txt"
    monkeypatch.setitem(SITE, "/en/video-extension.md", moved)
    monkeypatch.delitem(SITE, "/en/veo-3.1-extend.md")
    said = watched(
        checkout,
        f"index: {site}/llms.txt\npages:\n  veo-3.1-extend: {site}/en/veo-3.1-extend.md\n"
        f"  wan-2.7-image-to-video: {site}/en/gone.md\n",
    )
    assert said["veo-3.1-extend"][0] == f"found: the page is at {site}/en/video-extension.md now"
    assert said["wan-2.7-image-to-video"] == [
        "can't be read: the address answers 404; if its models are gone from the site:"
        " make docs-retire PAGE=wan-2.7-image-to-video"
    ]


@pytest.mark.usefixtures("read_here")
def test_few_pages_are_asked_for_at_once(site: str, checkout: Path) -> None:
    pages = "".join(f"  page-{n}: {site}/en/sora-2.md\n" for n in range(7))
    watched(checkout, f"pages:\n{pages}")
    assert len(Site.answers) == 7
    assert Site.most <= 3


@pytest.mark.usefixtures("read_here")
def test_a_broken_cache_is_read_anew(site: str, checkout: Path) -> None:
    pages = f"pages:\n  sora-2: {site}/en/sora-2.md\n"
    watched(checkout, pages)
    (checkout / "build" / "watch" / "sora-2.json").write_text("{", "utf-8")
    watched(checkout, pages)
    assert [status for _, status in Site.answers] == [200, 200]


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("/loop", "redirects more than"),
        ("/inward", "internal"),
        ("/file", "not https"),
        ("/endless", "larger than"),
        ("/absent", "answers 404"),
    ],
)
def test_a_bad_corner_of_a_site_is_one_line(site: str, path: str, line: str) -> None:
    with pytest.raises(PageError, match=line) as refusal:
        fetching.fetch(site + path)
    assert "\n" not in str(refusal.value)


def test_an_etag_that_can_not_be_sent_back_makes_no_later_fetch_fail(site: str) -> None:
    first = fetching.fetch(f"{site}/etag")
    assert first.etag.isascii()
    assert fetching.fetch(f"{site}/etag", first.etag) == first


class Dripping(httpcore.MockStream):
    """An answer that comes in small pieces, one a second by a clock of its own."""

    def __init__(self, pieces: list[bytes]) -> None:
        super().__init__(pieces)
        self.left = pieces
        self.now = 0.0

    def connect_tcp(self, *_: object) -> Dripping:
        return self

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        self.now += min(1.0, timeout or 1.0)
        return self.left.pop(0)


HEAD = b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n"


@pytest.mark.parametrize(
    "pieces",
    [
        pytest.param([HEAD, *[b"x"] * 900], id="body"),
        pytest.param([HEAD[n : n + 1] for n in range(len(HEAD))], id="head"),
    ],
)
def test_a_server_that_drips_is_read_until_the_deadline_and_no_longer(
    pieces: list[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(fetching.LOOPBACK_SWITCH, "1")
    answer, count = Dripping(list(pieces)), len(pieces)
    monkeypatch.setattr(httpcore, "SyncBackend", lambda: answer)
    monkeypatch.setattr(time, "monotonic", lambda: answer.now)
    with pytest.raises(PageError, match="does not answer in time"):
        fetching.fetch("http://127.0.0.1/page.md")
    assert count - len(answer.left) == fetching.MOST_SECONDS


INTERNAL = [
    "https://127.0.0.1/",
    "https://localhost/",
    "https://10.1.2.3/",
    "https://192.168.0.1:8443/",
    "https://169.254.169.254/latest/meta-data",
    "https://[::1]/",
    "https://[::ffff:10.0.0.1]/",
    "https://[fd00::1]/",
    "https://0.0.0.0/",
    "https://2130706433/",
    "https://100.64.0.1/",
]


@pytest.mark.parametrize("address", INTERNAL)
def test_an_internal_address_is_refused(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(fetching.LOOPBACK_SWITCH, raising=False)
    with pytest.raises(PageError, match=r"internal|not known"):
        fetching.fetch(address)


@pytest.mark.parametrize(
    "host", ["[2002:7f00:1::]", "[64:ff9b::a00:1]", "[3fff::1]", "192.0.0.192", "168.63.129.16"]
)
def test_what_no_download_may_go_to_no_page_may(host: str) -> None:
    """Both ask foxapi_video.addresses. Judged only: nothing is sent there."""
    with pytest.raises(PageError, match="internal"):
        fetching.public_address(httpx.URL(f"https://{host}/"))


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        *((other, "not https") for other in ("http://a.test/", "ftp://a.test/", "https://")),
        ("https://a:b@a.test/", "a user name or a password"),
        ("https://a\n.test/", "not an address"),
    ],
)
def test_an_address_of_another_kind_is_refused(address: str, reason: str) -> None:
    with pytest.raises(PageError, match=reason):
        fetching.fetch(address)


def test_a_name_is_looked_up_once_and_the_call_goes_there(
    site: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name that changes its mind after the check finds nobody asking again."""
    looked_up: list[str] = []
    real = socket.getaddrinfo

    def changing(host: str, *rest: object, **more: object) -> object:
        looked_up.append(host)
        return real("127.0.0.1", *rest, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(socket, "getaddrinfo", changing)
    address = str(httpx.URL(site).copy_with(host="docs.example.test")) + "/en/sora-2.md"
    assert fetching.fetch(address).content
    assert [host for host in looked_up if "example" in host] == ["docs.example.test"]


@pytest.mark.usefixtures("read_here")
def test_the_cache_is_plain_json(site: str, checkout: Path) -> None:
    watched(checkout, f"pages:\n  sora-2: {site}/en/sora-2.md\n")
    entry = json.loads((checkout / "build" / "watch" / "sora-2.json").read_text("utf-8"))
    assert sorted(entry) == ["address", "etag", "modified", "text"]

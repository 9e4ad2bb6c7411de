"""Read all watched pages, a few at a time, and ask only for those that changed.

What a page said, its ETag and its date are kept under `build/watch/`, so that a page that did not
change costs the site one short answer. No more than one request a second is begun. A page that
moved is looked for in the site's index, by its name and then by its model ids.
"""

from __future__ import annotations

import difflib
import json
import re
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from documentation import facts_files
from documentation.changing.claims import models_of
from documentation.changing.review import Review, review_text
from documentation.fact import PageError, fault
from documentation.page_names import page_name
from documentation.reading.confined import read_confined
from documentation.reading.fetching import fetch
from documentation.reading.layouts.text import decode
from overlays import yaml_text

AT_ONCE = 3
# Seconds from the begin of one request to that of the next: the network delays some more.
PACE = 1.05
PAGES = Path("documentation") / "pages.yaml"
MOST_TRIED = 5  # pages of the index that one lost page is looked for in
_LINK = re.compile(r"\]\((https?://[^()\s]{1,2000})\)")


@dataclass(slots=True)
class Found:
    """A page's text and where it is from; `moved` where that is not where it was."""

    text: str
    address: str
    moved: bool = False


@dataclass(slots=True)
class Site:
    """The site as one run sees it: paced, cached, with an index that is asked for once at most."""

    index: str
    cache: Path
    turn: threading.Lock = field(default_factory=threading.Lock)
    begun: float = float("-inf")
    links: list[str] | None = None
    asking: threading.Lock = field(default_factory=threading.Lock)

    def text(self, page: str, address: str) -> str:
        """A page's text, from the cache when the site says that it is still the same."""
        return page_text(address, self.cache / f"{page_name(page)}.json", self.wait)

    def wait(self) -> None:
        """Wait for the turn of the next request."""
        with self.turn:
            time.sleep(max(0.0, self.begun + PACE - time.monotonic()))
            self.begun = time.monotonic()

    def listed(self) -> list[str]:
        """The addresses of the site's index; none where it has none."""
        with self.asking:
            if self.links is None:
                text = self.text("index of the site", self.index) if self.index else ""
                self.links = list(dict.fromkeys(_LINK.findall(text)))
            return self.links


def watch(root: Path) -> Iterator[tuple[str, Review | PageError]]:
    """Each page as it reads now, or why it can't be read, in the order of `pages.yaml`."""
    for page, found in fetched(root):
        yield page, reviewed(page, found, root)


def fetched(root: Path) -> Iterator[tuple[str, Found | Exception]]:
    """The text of each page, or why it can't be had, in the order of `pages.yaml`."""
    index, pages = listed(root)
    site = Site(index, root / "build" / "watch")
    site.cache.mkdir(parents=True, exist_ok=True)
    folder = root / "documentation" / "facts"

    def found(page: str) -> Found | Exception:
        try:
            return _found(page, pages, site, folder)
        except Exception as error:  # told where the page has its turn
            return error

    with ThreadPoolExecutor(AT_ONCE) as pool:
        yield from zip(pages, pool.map(found, pages), strict=True)


def reviewed(page: str, found: Found | Exception, root: Path) -> Review | PageError:
    """A page beside a checkout; a fault that one page shows leaves the others their turn."""
    try:
        if isinstance(found, Exception):
            raise found
        result = review_text(found.text, page, found.address, root, own=True)
    except PageError as error:
        return PageError(f"can't be read: {error}")
    except Exception as error:
        return PageError(f"can't be compared with the spec: {fault(error)}")
    if found.moved:
        result.notes.append(f"the page is at {found.address} now")
    return result


def _found(page: str, pages: dict[str, str], site: Site, folder: Path) -> Found:
    """A page at its address, or where the index has its name, or its models."""
    address, why = pages[page], PageError("the site's index does not list it")
    if address:
        try:
            return Found(site.text(page, address), address)
        except PageError as error:
            why = error
    try:
        links = site.listed()
    except PageError as error:
        raise why if address else error from None
    others = {each for each in links if each != address and each not in pages.values()}
    for link in (each for each in links if each in others and page_name(each) == page):
        return Found(site.text(page, link), link, moved=bool(address))
    known = facts_files.load(page, folder)
    models = models_of(known) if known else set()
    likely = sorted(others, key=lambda link: -_likeness(link, {page, *models}))[:MOST_TRIED]
    for link in likely if models else ():
        try:
            text = site.text(page, link)
            reading = read_confined(text, page, known.names if known else None)
        except PageError:
            continue
        if models_of(facts_files.of_reading(reading, text, None, "")) & models:
            return Found(text, link, moved=True)
    gone = f"; if its models are gone from the site: make docs-retire PAGE={page}" if known else ""
    raise PageError(f"{why}{gone}")


def _likeness(link: str, names: set[str]) -> float:
    name = page_name(link)
    return max(difflib.SequenceMatcher(None, name, each).ratio() for each in names)


def page_text(address: str, cache: Path, pace: Callable[[], None] | None = None) -> str:
    """A page's text, from the cache when the site says that it is still the same."""
    known: dict[str, str] = {}
    if cache.is_file():
        try:
            known = {key: str(value) for key, value in json.loads(cache.read_text("utf-8")).items()}
        except (ValueError, AttributeError):
            known = {}
    same = known.get("address") == address and "text" in known
    marks = (known.get("etag", ""), known.get("modified", "")) if same else ("", "")
    answer = fetch(address, *marks, pace)
    if answer.unchanged:
        return known["text"]
    text = decode(answer.content)
    entry = {"address": address, "etag": answer.etag, "modified": answer.modified, "text": text}
    cache.write_text(json.dumps(entry, ensure_ascii=False), "utf-8")
    return text


def listed(root: Path) -> tuple[str, dict[str, str]]:
    """The address of the site's index, and that of each watched page."""
    path = root / PAGES
    try:
        data = yaml_text.load(path.read_text("utf-8"))
        return data.get("index") or "", {str(k): str(v or "") for k, v in data["pages"].items()}
    except (OSError, yaml.YAMLError, KeyError, AttributeError, TypeError):
        raise PageError(f"{path.name} can't be read") from None

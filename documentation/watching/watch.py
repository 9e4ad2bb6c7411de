"""Read all watched pages, a few at a time, and ask only for those that changed.

What a page said and its ETag are kept under `build/watch/`, so that a page that did not change
costs the site one short answer.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import yaml

from documentation.changing.review import Review, review_text
from documentation.fact import PageError
from documentation.page_names import page_name
from documentation.reading.confined import fault
from documentation.reading.fetching import fetch
from documentation.reading.layouts.text import decode
from overlays import yaml_text

AT_ONCE = 3
_LINK = re.compile(r"\]\((https?://[^)\s]{1,2000})\)")


def watch(root: Path) -> Iterator[tuple[str, Review | PageError]]:
    """Each page as it reads now, or why it can't be read, in the order of `pages.yaml`."""
    index, pages = _listed(root / "documentation" / "pages.yaml")
    cache = root / "build" / "watch"
    cache.mkdir(parents=True, exist_ok=True)
    found = _addresses(index) if index and not all(pages.values()) else {}

    def text_of(page: str) -> str | Exception:
        try:
            address = pages[page] or found.get(page, "")
            if not address:
                raise PageError("the site's index does not list it")
            return page_text(address, cache / f"{page_name(page)}.json")
        except Exception as error:  # told where the page has its turn
            return error

    with ThreadPoolExecutor(AT_ONCE) as pool:
        for page, text in zip(pages, pool.map(text_of, pages), strict=True):
            try:
                if isinstance(text, Exception):
                    raise text
                address = pages[page] or found.get(page, "")
                yield page, review_text(text, page, address, root)
            except PageError as error:
                yield page, PageError(f"can't be read: {error}")
            except Exception as error:  # a fault that one page shows leaves the others their turn
                yield page, PageError(f"can't be compared with the spec: {fault(error)}")


def page_text(address: str, cache: Path) -> str:
    """A page's text, from the cache when the site says that it is still the same."""
    known: dict[str, str] = {}
    if cache.is_file():
        try:
            known = {key: str(value) for key, value in json.loads(cache.read_text("utf-8")).items()}
        except (ValueError, AttributeError):
            known = {}
    same = known.get("address") == address and "text" in known
    etag = known.get("etag", "") if same else ""
    answer = fetch(address, etag)
    if answer.unchanged:
        return known["text"]
    text = decode(answer.content)
    entry = {"address": address, "etag": answer.etag, "text": text}
    cache.write_text(json.dumps(entry, ensure_ascii=False), "utf-8")
    return text


def _listed(path: Path) -> tuple[str, dict[str, str]]:
    try:
        data = yaml_text.load(path.read_text("utf-8"))
        return data.get("index") or "", {str(k): str(v or "") for k, v in data["pages"].items()}
    except (OSError, yaml.YAMLError, KeyError, AttributeError, TypeError):
        raise PageError(f"{path.name} can't be read") from None


def _addresses(index: str) -> dict[str, str]:
    """The pages of a site's index by the last part of their address."""
    links = _LINK.findall(decode(fetch(index).content))
    return {page_name(link): link for link in reversed(links)}

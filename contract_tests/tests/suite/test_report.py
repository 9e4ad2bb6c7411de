"""The report says what the referees said, and works in a real browser without a server."""

from __future__ import annotations

import copy
import json
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.select import Select
from selenium.webdriver.support.wait import WebDriverWait

from contract_tests.probes.page_probes import probes_of_some
from contract_tests.probes.run import ProbeResult, ProbeRun, run_probes
from contract_tests.referees.samples import SPEC, field_with
from contract_tests.referees.spec_mock_client import ClientReferee, SpecReferee
from contract_tests.report.gathered import conflict, of_pages, page, versions
from contract_tests.report.html_page import render
from contract_tests.report.junit import write_junit
from contract_tests.tests.suite.browser import log, missing, open_file, requests, running_browser
from documentation import facts_files
from documentation.conflicts import load_conflicts

FILES = facts_files.load_all()
# A variant with a field between two bounds, and its page.
VARIANT, FIELD = field_with(SPEC, lambda _, schema: {"minimum", "maximum"} <= schema.keys())
PAGE = SPEC["components"]["schemas"][VARIANT]["x-documentation-page"]
MAXIMUM = SPEC["components"]["schemas"][VARIANT]["properties"][FIELD]["maximum"]
REQUESTS = {
    file.page: {fact.field for fact in file.facts if fact.location == "request"} for file in FILES
}
LONGEST = max(REQUESTS, key=lambda page: len(REQUESTS[page]))
# Another page, and a keyword that only others state.
KEYWORDS = {file.page: {fact.keyword for fact in file.facts} for file in FILES}
OTHER, UNSAID = next(
    (page, min(lacking))
    for page in REQUESTS
    if page != PAGE and (lacking := KEYWORDS[PAGE] - KEYWORDS[page])
)
UPLOAD = next(file.path.stem for file in FILES if file.path and "upload" in file.page)
# Letters that a page could bring along: they must come out as text, never as markup.
HOSTILE = "<script>alert(1)</script>"
BREAKING = "</style></script><b data-broken=''>\"'<script>window.broken = 1</script>"
# Every pair of colours that text has with what it stands on, with an example of the text.
COLORS = """
const pairs = new Map();
for (const each of document.querySelectorAll("body *")) {
  const own = [...each.childNodes].filter((node) => node.nodeType === 3 && node.data.trim());
  if (!own.length || !each.getClientRects().length || each.closest("script, style")) continue;
  const style = getComputedStyle(each);
  let ground = each;
  while (ground && getComputedStyle(ground).backgroundColor === "rgba(0, 0, 0, 0)")
    ground = ground.parentElement;
  const color = each.closest("svg") ? style.fill : style.color;
  const pair = [color, getComputedStyle(ground).backgroundColor];
  pairs.set(pair.join(), [...pair, own[0].data.trim().slice(0, 40)]);
}
return [...pairs.values()];
"""


SCREEN = {"width": 1280, "height": 800, "deviceScaleFactor": 1, "mobile": False}


@pytest.fixture(scope="session")
def wrong_run(spec: dict[str, Any]) -> ProbeRun:
    """All probes by a spec with one wrong bound, by the client, and by it in the mock's place."""
    wrong = copy.deepcopy(spec)
    wrong["components"]["schemas"][VARIANT]["properties"][FIELD]["maximum"] += 1
    run = run_probes(probes_of_some(PAGE, LONGEST), SpecReferee(wrong), None, ClientReferee())
    for result in run.results.values():
        result.verdicts["mock"] = result.verdicts.get("client", result.verdicts["spec"])
    return run


@pytest.fixture(scope="session")
def data(wrong_run: ProbeRun) -> dict[str, Any]:
    """The data of a report with a difference, a survivor and a hostile name in it."""
    results = wrong_run.results.values()
    by_page = of_pages(results)
    row = {"kind": "enum dropped", "location": "request", "docs": "", "probes": 0, "probe": ""}
    row |= {"mock": "", "sampled": 1, "stock": None, "id": HOSTILE, "equivalent": ""}
    return {
        "seed": 1,
        "versions": versions(),
        "pages": [page(file, by_page, {}, int(file.page == PAGE)) for file in FILES],
        "differences": [],
        "variants": {"pairs": 28, "apart": 27},
        "conflicts": [conflict(entry) for entry in load_conflicts().settled],
        "open": [{"page": PAGE, "location": "request", "field": FIELD, "what": HOSTILE}],
        "probes": {"count": len(results), "differing": 1, "seconds": 1.0, "faults": []},
        "fuzzing": {"cases": 10, "passed": True, "seconds": 1.0},
        "mutation": {"seed": 1, "seconds": 1, "rows": [row]},
        "agreement": {"missing": "make agreement"},
        "readers": {
            "probes": 12,
            "rows": [{"name": HOSTILE, "right": 7, "ours": 0, "tool": {"types alone": 5}}],
        },
        "stock": {
            "cases": 100,
            "seconds": 600.0,
            "alive": True,
            "restarts": ["it ended"],
            "errors": [],
            "failures": {HOSTILE: 2},
        },
        "growth": {
            "variants": [8, 25, 50, 100],
            "seconds": {"generation": [1.0, 2.0, 3.0, 6.0], "import": [0.1, 0.1, 0.2, 0.3]},
            "machine": "a machine",
        },
    }


@pytest.fixture(scope="session")
def few(data: dict[str, Any]) -> dict[str, Any]:
    """The data of few pages, create calls and an upload: drawn sooner, they show as much."""
    pages = [each for each in data["pages"] if each["page"] in {PAGE, OTHER, UPLOAD, LONGEST}]
    assert len({each["page"] for each in pages}) >= 3
    return data | {"pages": pages}


@pytest.fixture(scope="session")
def report(few: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("report") / "index.html"
    path.write_text(render(few), encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def browser() -> Iterator[webdriver.Chrome]:
    with running_browser() as started:
        yield started


@pytest.fixture
def opened(browser: webdriver.Chrome, report: Path) -> webdriver.Chrome:
    """The report of few pages, each unfolded."""
    browser.set_window_size(1300, 900)
    requests(browser)
    open_file(browser, report)
    _unfold(browser)
    return browser


@pytest.fixture
def seen(browser: webdriver.Chrome, request: pytest.FixtureRequest) -> webdriver.Chrome:
    """The same for those who change nothing: opened once, unless another page came meanwhile."""
    if not browser.execute_script("return window.unchanged === true"):
        request.getfixturevalue("opened")
        browser.execute_script("window.unchanged = true")
    return browser


def many(data: dict[str, Any], count: int) -> dict[str, Any]:
    """The data of a report on so many pages: those that there are, again under other names."""
    pages = data["pages"]
    copies = [
        copy.deepcopy(pages[number % len(pages)])
        | {"page": f"copy-{number}-image-to-video", "asked": 12, "probed": 12_345, "facts": 1_234}
        for number in range(count - len(pages))
    ]
    return data | {"pages": [*pages, *copies]}


def test_cell_of_a_wrong_bound_names_the_referee_that_differs(data: dict[str, Any]) -> None:
    (shown,) = [each for each in data["pages"] if each["page"] == PAGE]
    cell = shown["sections"]["request"][FIELD]["maximum"]
    assert cell["verdict"] == "differs"
    assert cell["referees"] == {"spec": False, "mock": True, "client": True}
    assert any(f"reject-{MAXIMUM + 1}" in line for line in cell["differing"])
    (file,) = [each for each in FILES if each.page == PAGE]
    said = [fact.stated for fact in file.facts if (fact.field, fact.keyword) == (FIELD, "maximum")]
    assert [each["stated"] for each in cell["says"]] == said != []
    assert shown["sections"]["request"][FIELD]["minimum"]["verdict"] == "agreed"


def test_every_fact_of_every_page_is_in_the_report(data: dict[str, Any]) -> None:
    for file, shown in zip(FILES, data["pages"], strict=True):
        cells = [
            c
            for section in shown["sections"].values()
            for f in section.values()
            for c in f.values()
        ]
        assert sum(len(cell["says"]) for cell in cells) == len(file.facts) == shown["facts"]


def test_junit_says_what_the_data_says(
    wrong_run: ProbeRun, data: dict[str, Any], tmp_path: Path
) -> None:
    write_junit(wrong_run, data, tmp_path / "junit.xml")
    root = ElementTree.parse(tmp_path / "junit.xml").getroot()  # noqa: S314 - our own file
    suites = {suite.get("name"): suite for suite in root}
    cases = root.findall(".//testcase")
    # Every probe, and a case each for docs-check, the one mutant, agreement and fuzzing.
    assert len(cases) == len(wrong_run.results) + 4
    differing = [each for each in wrong_run.results.values() if each.differences]
    survivors = suites["mutation"].findall("testcase/failure")
    assert [case.get("name") for case in suites["mutation"]] == [HOSTILE]
    assert len(root.findall(".//failure")) == len(differing) + len(survivors) > 1
    assert "make agreement" in str(
        suites["agreement"].findall("testcase/skipped")[0].get("message")
    )
    properties = {each.get("name"): each.get("value") for each in root.iter("property")}
    assert properties == {"seed": "1", **data["versions"]}


def test_junit_counts_are_those_of_its_cases(
    wrong_run: ProbeRun, data: dict[str, Any], tmp_path: Path
) -> None:
    """Of each suite and of all, as build servers reckon with; every case has its name once."""
    probe, result = next(iter(wrong_run.results.items()))
    fault = ProbeResult(result.probe, result.verdicts, ("mock: infrastructure fault: it died",))
    faulty = ProbeRun(wrong_run.results | {probe: fault}, 1.0, ("it died",))
    write_junit(faulty, data, tmp_path / "junit.xml")
    root = ElementTree.parse(tmp_path / "junit.xml").getroot()  # noqa: S314 - our own file
    for holder in (root, *root):
        for name, path in {
            "tests": ".//testcase",
            "failures": ".//failure",
            "errors": ".//error",
            "skipped": ".//skipped",
        }.items():
            assert holder.get(name) == str(len(holder.findall(path)))
        assert float(holder.get("time", "")) >= 0
    assert root.get("errors") == "1"
    named = [(case.get("classname"), case.get("name")) for case in root.iter("testcase")]
    assert len(named) == len(set(named))


def test_pairs_of_variants_that_are_proven_apart_are_counted(data: dict[str, Any]) -> None:
    assert "<dd>27 of 28</dd>" in render(data)


def test_other_readers_and_what_the_mock_lived_through_are_told(data: dict[str, Any]) -> None:
    shown = render(data)
    assert "<td>7</td><td>0</td>" in shown and "5: types alone" in shown
    assert "100 cases in 600 s: it lived, with 1 restarts" in shown
    missing = {"missing": "make readers"}
    assert "<code>make readers</code>" in render(data | {"readers": missing, "stock": missing})


def test_data_is_json(data: dict[str, Any]) -> None:
    assert json.loads(json.dumps(data)) == data


@pytest.mark.skipif(bool(missing()), reason=missing())
class TestInChromium:
    def test_renders_without_console_error_or_network(
        self, browser: webdriver.Chrome, data: dict[str, Any], tmp_path: Path
    ) -> None:
        path = tmp_path / "whole.html"
        path.write_text(render(data), encoding="utf-8")
        requests(browser)
        open_file(browser, path)
        _unfold(browser)
        assert browser.title == "FoxAPI Video: contract report"
        assert len(browser.find_elements(By.CSS_SELECTOR, "article.page")) == len(FILES)
        assert log(browser, "browser") == []
        requested = requests(browser)
        assert any(url.startswith("file:") for url in requested)
        assert [url for url in requested if not url.startswith(("file:", "data:"))] == []

    def test_console_error_and_network_request_would_be_seen(
        self, opened: webdriver.Chrome
    ) -> None:
        # Port 9 of this machine: nobody listens there.
        opened.execute_async_script(
            "const done = arguments[0]; console.error('x');"
            "fetch('http://127.0.0.1:9/').catch(() => done())"
        )
        assert any("x" in entry["message"] for entry in log(opened, "browser"))
        assert "http://127.0.0.1:9/" in requests(opened)

    def test_no_text_anywhere_becomes_markup(
        self, browser: webdriver.Chrome, few: dict[str, Any], tmp_path: Path
    ) -> None:
        path = tmp_path / "hostile.html"
        path.write_text(render(_hostile(few)), encoding="utf-8")
        log(browser, "browser")
        open_file(browser, path)
        _unfold(browser)
        assert (
            browser.execute_script("return document.querySelectorAll('[data-broken], b').length")
            == 0
        )
        assert browser.execute_script("return document.scripts.length") == 1
        assert browser.execute_script("return window.broken") is None
        assert log(browser, "browser") == []
        shown = browser.find_element(By.TAG_NAME, "body").text
        name = f"{PAGE}{BREAKING}"
        # What the pages say, the field and keyword names, the conflicts, versions and the plot.
        assert shown.count(BREAKING) > 100
        pages = Select(browser.find_element(By.ID, "filter-page"))
        pages.select_by_index([each.get_attribute("value") for each in pages.options].index(name))
        assert _visible(browser, "article.page") == [name]

    def test_filters_narrow_what_is_shown(self, opened: webdriver.Chrome) -> None:
        everything = _shown(opened)
        _choose(opened, "verdict", "differs")
        assert 0 < _shown(opened) < everything
        assert _visible(opened, "article.page") == [PAGE]
        _choose(opened, "keyword", "maximum")
        assert _shown(opened) == 1
        (cell,) = [
            each
            for each in opened.find_elements(By.CSS_SELECTOR, "[data-verdict='differs']")
            if each.is_displayed()
        ]
        assert str(MAXIMUM) in cell.text
        _choose(opened, "page", OTHER)
        assert _shown(opened) == 0
        assert opened.find_element(By.ID, "nothing").is_displayed()
        opened.find_element(By.CSS_SELECTOR, "button[type=reset]").click()
        assert _shown(opened) == everything

    def test_no_statement_that_fits_is_said_in_words(self, opened: webdriver.Chrome) -> None:
        _choose(opened, "page", OTHER)
        _choose(opened, "keyword", UNSAID)
        count = opened.find_element(By.ID, "shown")
        assert count.text.startswith("0 of ")
        assert count.get_attribute("aria-live") == "polite"
        assert "No statement fits" in opened.find_element(By.ID, "pages").text

    def test_filters_are_kept_in_the_address(self, opened: webdriver.Chrome, report: Path) -> None:
        _choose(opened, "page", PAGE)
        _choose(opened, "verdict", "differs")
        shown = _shown(opened)
        kept = opened.current_url
        assert kept.endswith(f"#page={PAGE}&verdict=differs")
        # Another tab is opened with the address; one with nonsense in it shows everything.
        opened.get("about:blank")
        opened.get(kept)
        assert _shown(opened) == shown
        assert _visible(opened, "article.page") == [PAGE]
        opened.get("about:blank")
        opened.get(f"{report.as_uri()}#page=nobody&verdict=%3Cb%3E")
        assert _shown(opened) > shown
        opened.get("about:blank")
        opened.get(f"{report.as_uri()}#mutation")
        assert _shown(opened) > shown
        assert opened.current_url.endswith("#mutation")

    def test_works_with_the_keyboard_alone(self, opened: webdriver.Chrome) -> None:
        body = opened.find_element(By.TAG_NAME, "body")
        body.send_keys(Keys.TAB)
        assert opened.switch_to.active_element.text == "Skip to the pages"
        opened.switch_to.active_element.send_keys(Keys.ENTER)
        opened.switch_to.active_element.send_keys(Keys.TAB)
        focused = opened.switch_to.active_element
        assert focused.get_attribute("id") == "filter-page"
        focused.send_keys(PAGE)
        assert _visible(opened, "article.page") == [PAGE]
        summary = opened.find_element(By.CSS_SELECTOR, f"[data-page='{PAGE}'] summary")
        table = opened.find_element(By.CSS_SELECTOR, f"[data-page='{PAGE}'] table")
        assert table.is_displayed(), "the page that is chosen is unfolded"
        summary.send_keys(Keys.ENTER)
        assert not table.is_displayed()

    def test_is_named_for_a_screen_reader(self, seen: webdriver.Chrome) -> None:
        for name, selector in {
            "Page": "#filter-page",
            "Filter the facts": "#filters",
            "Pages": "#pages",
            "spec differs": ".chip.no .unseen",
        }.items():
            found = seen.find_element(By.CSS_SELECTOR, selector)
            assert name in (found.accessible_name or str(found.get_attribute("textContent")))
        tree = seen.execute_cdp_cmd("Accessibility.getFullAXTree", {})["nodes"]
        names: dict[str, list[str]] = {}
        for node in tree:
            if not node["ignored"]:
                name = node.get("name", {}).get("value", "")
                names.setdefault(node["role"]["value"], []).append(name)
        for role in ("table", "region", "article", "combobox", "columnheader", "rowheader"):
            assert names[role]
            assert [name for name in names[role] if not name] == [], role
        assert len(names["table"]) == len(set(names["table"]))
        (plot,) = [node for node in tree if node["role"]["value"] in ("image", "SvgRoot")]
        assert plot["name"]["value"] == "Growth with the number of variants"
        assert "generation: 1.0, 2.0" in plot["description"]["value"]

    def test_hostile_text_is_shown_as_text(self, seen: webdriver.Chrome) -> None:
        for section in ("mutation", "agreement", "readers"):
            assert HOSTILE in seen.find_element(By.ID, section).text
        assert len(seen.find_elements(By.TAG_NAME, "script")) == 1

    def test_headings_of_a_long_table_stay_in_sight(self, seen: webdriver.Chrome) -> None:
        offsets = seen.execute_script(
            f"const box = document.querySelector(`[aria-label='{LONGEST}, request']`);"
            "box.scrollIntoView(); box.scrollTop = 400;"
            "const [head, row] = ['thead th', 'tbody tr:last-child th']"
            ".map((each) => box.querySelector(each).getBoundingClientRect());"
            "const edge = box.getBoundingClientRect();"
            "return [head.top - edge.top, head.left - edge.left, row.left - edge.left,"
            "box.scrollTop]"
        )
        assert offsets[3] > 0
        assert all(abs(offset) < 3 for offset in offsets[:3])

    def test_narrow_page_does_not_scroll_sideways(self, seen: webdriver.Chrome) -> None:
        seen.execute_cdp_cmd(
            "Emulation.setDeviceMetricsOverride",
            {"width": 360, "height": 800, "deviceScaleFactor": 1, "mobile": False},
        )
        wide = seen.execute_script("return document.documentElement.scrollWidth")
        seen.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
        assert wide <= 360

    def test_keyboard_stops_where_something_scrolls(self, seen: webdriver.Chrome) -> None:
        def stops(browser: webdriver.Chrome) -> bool:
            found = browser.execute_script(
                "return [...document.querySelectorAll('.scroll')].map((each) => [each.tabIndex"
                " === 0, each.scrollWidth > each.clientWidth"
                " || each.scrollHeight > each.clientHeight])"
            )
            assert {scrolls for _, scrolls in found} == {True, False}
            return all(stop == scrolls for stop, scrolls in found)

        # A browser tells of another size with the next frame that it draws.
        WebDriverWait(seen, 10).until(stops, "the stops are not where something scrolls")

    @pytest.mark.parametrize("scheme", ["light", "dark"])
    def test_text_has_contrast_in_light_and_dark(self, seen: webdriver.Chrome, scheme: str) -> None:
        feature = {"features": [{"name": "prefers-color-scheme", "value": scheme}]}
        seen.execute_cdp_cmd("Emulation.setEmulatedMedia", feature)
        dark = _luminance(seen, "body", "backgroundColor") < 0.2
        assert dark == (scheme == "dark")
        found = seen.execute_script(COLORS)
        assert len(found) > 8
        for color, ground, example in found:
            lights = sorted((_light(color), _light(ground)))
            # What WCAG asks of small text.
            assert (lights[1] + 0.05) / (lights[0] + 0.05) >= 4.5, (color, ground, example)

    @pytest.mark.parametrize("count", [len(FILES), 100])
    def test_begins_with_a_line_a_page_and_is_no_wider_than_a_screen(
        self, browser: webdriver.Chrome, data: dict[str, Any], tmp_path: Path, count: int
    ) -> None:
        path = tmp_path / "many.html"
        path.write_text(render(many(data, count)), encoding="utf-8")
        assert path.stat().st_size < count * 28_000
        open_file(browser, path)
        browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", SCREEN)
        lines = browser.execute_script(
            "return [...document.querySelectorAll('article.page')].map((each) =>"
            "[each.innerText, each.offsetHeight])"
        )
        assert len(lines) == count
        said = {text.splitlines()[0]: text for text, _ in lines}
        for shown in data["pages"]:
            words = " ".join(said[shown["page"]].split())
            differ = shown["verdicts"]["differs"]
            verdicts = f"{differ} differ" if differ else f"{shown['verdicts']['agreed']} agreed"
            asked = "1 open question" if shown["asked"] else "nothing open"
            line = f"{shown['facts']} facts {shown['probed']:,} probes {verdicts} {asked}"
            assert words == f"{shown['page']} {line}"
        assert max(height for _, height in lines) < 50
        _unfold(browser)
        wide = browser.execute_script(
            "return [document.documentElement.scrollWidth, ...[...document.querySelectorAll("
            "'article.page .scroll')].map((each) => each.scrollWidth - each.clientWidth)]"
        )
        browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
        assert wide[0] <= SCREEN["width"] and len(wide) > count and max(wide[1:]) == 0

    def test_prints_every_fact_and_no_controls(
        self, opened: webdriver.Chrome, few: dict[str, Any]
    ) -> None:
        opened.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
        for control in opened.find_elements(By.CSS_SELECTOR, "select, button, nav"):
            assert not control.is_displayed()
        assert len(_visible(opened, "article.page")) == len(few["pages"])
        opened.execute_script(
            "for (const each of document.querySelectorAll('details')) each.open = false"
        )
        opened.execute_script(
            "addEventListener('beforeprint', () => { window.unfolded = ["
            "...document.querySelectorAll('article.page > details')].every((each) => each.open) })"
        )
        assert opened.print_page()
        assert opened.execute_script("return window.unfolded") is True
        opened.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})


def _hostile(value: Any, key: str = "") -> Any:
    """The data of a report with markup in every text and every name that comes from elsewhere."""
    if isinstance(value, str):
        return value if key in ("verdict", "kind") else f"{value}{BREAKING}"
    if isinstance(value, list):
        return [_hostile(item) for item in value]
    if not isinstance(value, dict):
        return value
    if key == "sections":
        return {
            f"{location}{BREAKING}": {
                f"{field}{BREAKING}": {
                    f"{word}{BREAKING}": _hostile(cell, "cell") for word, cell in cells.items()
                }
                for field, cells in fields.items()
            }
            for location, fields in value.items()
        }
    names = key in ("versions", "seconds", "judged", "apart")
    return {
        f"{name}{BREAKING}" if names else name: member
        if name == "referees"
        else _hostile(member, name)
        for name, member in value.items()
    }


def _unfold(browser: webdriver.Chrome) -> None:
    browser.execute_script(
        "for (const each of document.querySelectorAll('article.page > details')) each.open = true"
    )


def _choose(browser: webdriver.Chrome, name: str, value: str) -> None:
    Select(browser.find_element(By.ID, f"filter-{name}")).select_by_value(value)


def _shown(browser: webdriver.Chrome) -> int:
    return int(browser.find_element(By.ID, "shown").text.split()[0])


def _visible(browser: webdriver.Chrome, selector: str) -> list[str | None]:
    found = browser.find_elements(By.CSS_SELECTOR, selector)
    return [each.get_attribute("data-page") for each in found if each.is_displayed()]


def _luminance(browser: webdriver.Chrome, selector: str, name: str) -> float:
    script = "return getComputedStyle(document.querySelector(arguments[0]))[arguments[1]]"
    return _light(browser.execute_script(script, selector, name))


def _light(color: str) -> float:
    """How light a colour is, as WCAG reckons it."""
    parts = [float(part) / 255 for part in color.split("(")[1].rstrip(")").split(",")[:3]]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return sum(weight * p for weight, p in zip((0.2126, 0.7152, 0.0722), linear, strict=True))

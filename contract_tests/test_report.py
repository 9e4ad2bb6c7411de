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

from contract_tests.browser import log, missing, open_file, requests, running_browser
from contract_tests.judging import Judgement, judge
from contract_tests.pages import every_probe
from contract_tests.referees import ClientReferee, SpecReferee
from contract_tests.report.gathered import conflict, page, versions
from contract_tests.report.junit import write_junit
from contract_tests.report.rendering import render
from documentation import facts_files
from documentation.conflicts import load_conflicts

PAGE, FIELD = "wan-2.7-image-to-video", "duration"
# Letters that a page could bring along: they must come out as text, never as markup.
HOSTILE = "<script>alert(1)</script>"


@pytest.fixture(scope="session")
def wrong_judgement(spec: dict[str, Any]) -> Judgement:
    """All probes by a spec with one wrong bound, by the client, and by it in the mock's place."""
    wrong = copy.deepcopy(spec)
    fields = wrong["components"]["schemas"]["Wan27ImageToVideoRequest"]["properties"]
    fields[FIELD]["maximum"] += 1
    judgement = judge(every_probe(), SpecReferee(wrong), None, ClientReferee())
    for ruling in judgement.rulings.values():
        ruling.verdicts["mock"] = ruling.verdicts.get("client", ruling.verdicts["spec"])
    return judgement


@pytest.fixture(scope="session")
def data(wrong_judgement: Judgement) -> dict[str, Any]:
    """The data of a report with a difference, a survivor and a hostile name in it."""
    rulings = wrong_judgement.rulings.values()
    row = {"kind": "enum dropped", "side": "request", "docs": "", "probes": 0, "probe": ""}
    row |= {"mock": "", "asked": 1, "stock": None, "id": HOSTILE, "equivalent": ""}
    return {
        "seed": 1,
        "versions": versions(),
        "pages": [page(file, rulings, {}) for file in facts_files.load_all()],
        "differences": [],
        "conflicts": [conflict(entry) for entry in load_conflicts().settled],
        "probes": {"count": len(rulings), "differing": 1, "seconds": 1.0, "faults": []},
        "fuzzing": {"cases": 10, "passed": True, "seconds": 1.0},
        "mutation": {"seed": 1, "seconds": 1, "rows": [row]},
        "agreement": {"missing": "make agreement"},
        "growth": {
            "variants": [8, 25, 50, 100],
            "seconds": {"generation": [1.0, 2.0, 3.0, 6.0], "import": [0.1, 0.1, 0.2, 0.3]},
            "machine": "a machine",
        },
    }


@pytest.fixture(scope="session")
def report(data: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("report") / "index.html"
    path.write_text(render(data), encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def browser() -> Iterator[webdriver.Chrome]:
    with running_browser() as started:
        yield started


@pytest.fixture
def opened(browser: webdriver.Chrome, report: Path) -> webdriver.Chrome:
    browser.set_window_size(1300, 900)
    requests(browser)
    open_file(browser, report)
    return browser


def test_cell_of_a_wrong_bound_names_the_referee_that_differs(data: dict[str, Any]) -> None:
    (wan,) = [each for each in data["pages"] if each["page"] == PAGE]
    cell = wan["sides"]["request"][FIELD]["maximum"]
    assert cell["verdict"] == "differs"
    assert cell["referees"] == {"spec": False, "mock": True, "client": True}
    assert any("reject-16" in line for line in cell["differing"])
    assert {said["stated"] for said in cell["says"]} == {"schema", "prose"}
    assert wan["sides"]["request"][FIELD]["minimum"]["verdict"] == "agreed"


def test_every_fact_of_every_page_is_in_the_report(data: dict[str, Any]) -> None:
    for file, shown in zip(facts_files.load_all(), data["pages"], strict=True):
        cells = [c for side in shown["sides"].values() for f in side.values() for c in f.values()]
        assert sum(len(cell["says"]) for cell in cells) == len(file.facts) == shown["facts"]


def test_junit_has_every_probe_and_its_failure(wrong_judgement: Judgement, tmp_path: Path) -> None:
    write_junit(wrong_judgement, tmp_path / "junit.xml")
    root = ElementTree.parse(tmp_path / "junit.xml").getroot()  # noqa: S314 - our own file
    assert len(root.findall(".//testcase")) == len(wrong_judgement.rulings)
    failures = root.findall(".//failure")
    assert failures
    assert len(failures) == sum(int(suite.get("failures", "0")) for suite in root)


def test_data_is_json(data: dict[str, Any]) -> None:
    assert json.loads(json.dumps(data)) == data


@pytest.mark.skipif(bool(missing()), reason=missing())
class TestInChromium:
    def test_renders_without_console_error_or_network(self, opened: webdriver.Chrome) -> None:
        assert opened.title == "FoxAPI Video: contract report"
        assert len(opened.find_elements(By.CSS_SELECTOR, "article.page")) == 10
        assert log(opened, "browser") == []
        asked = requests(opened)
        assert any(url.startswith("file:") for url in asked)
        assert [url for url in asked if not url.startswith(("file:", "data:"))] == []

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

    def test_hostile_text_is_shown_as_text(self, opened: webdriver.Chrome) -> None:
        assert HOSTILE in opened.find_element(By.ID, "mutation").text
        assert len(opened.find_elements(By.TAG_NAME, "script")) == 1

    def test_filters_narrow_what_is_shown(self, opened: webdriver.Chrome) -> None:
        everything = _shown(opened)
        _choose(opened, "verdict", "differs")
        assert 0 < _shown(opened) < everything
        assert _visible(opened, "article.page") == [PAGE]
        _choose(opened, "keyword", "maximum")
        assert _shown(opened) == 1
        (cell,) = [
            each
            for each in opened.find_elements(By.CSS_SELECTOR, "td[data-verdict='differs']")
            if each.is_displayed()
        ]
        assert "15" in cell.text
        _choose(opened, "page", "veo3.1-fast")
        assert _shown(opened) == 0
        assert opened.find_element(By.ID, "nothing").is_displayed()
        opened.find_element(By.CSS_SELECTOR, "button[type=reset]").click()
        assert _shown(opened) == everything

    def test_works_with_the_keyboard_alone(self, opened: webdriver.Chrome) -> None:
        body = opened.find_element(By.TAG_NAME, "body")
        body.send_keys(Keys.TAB)
        assert opened.switch_to.active_element.text == "Skip to the pages"
        opened.switch_to.active_element.send_keys(Keys.ENTER)
        opened.switch_to.active_element.send_keys(Keys.TAB)
        focused = opened.switch_to.active_element
        assert focused.get_attribute("id") == "filter-page"
        focused.send_keys("wan")
        assert _visible(opened, "article.page") == [PAGE]

    def test_is_named_for_a_screen_reader(self, opened: webdriver.Chrome) -> None:
        for name, selector in {
            "Page": "#filter-page",
            "Filter the facts": "#filters",
            "Pages": "#pages",
            "spec differs": ".chip.no .unseen",
        }.items():
            found = opened.find_element(By.CSS_SELECTOR, selector)
            assert name in (found.accessible_name or str(found.get_attribute("textContent")))
        unnamed = [
            each
            for each in opened.find_elements(By.CSS_SELECTOR, "[role=region], select, svg")
            if not each.accessible_name
        ]
        assert unnamed == []

    @pytest.mark.parametrize("scheme", ["light", "dark"])
    def test_text_has_contrast_in_light_and_dark(
        self, opened: webdriver.Chrome, scheme: str
    ) -> None:
        feature = {"features": [{"name": "prefers-color-scheme", "value": scheme}]}
        opened.execute_cdp_cmd("Emulation.setEmulatedMedia", feature)
        dark = _luminance(opened, "body", "backgroundColor") < 0.2
        assert dark == (scheme == "dark")
        for selector in ("body", "small", "a", ".yes", ".no", "thead th", ".tiles dt"):
            ground = ".yes" if selector == ".yes" else ".no" if selector == ".no" else "body"
            lights = sorted(
                (
                    _luminance(opened, selector, "color"),
                    _luminance(opened, ground, "backgroundColor"),
                )
            )
            # What WCAG asks of small text.
            assert (lights[1] + 0.05) / (lights[0] + 0.05) >= 4.5, selector

    def test_narrow_page_does_not_scroll_sideways(self, opened: webdriver.Chrome) -> None:
        opened.execute_cdp_cmd(
            "Emulation.setDeviceMetricsOverride",
            {"width": 360, "height": 800, "deviceScaleFactor": 1, "mobile": False},
        )
        wide = opened.execute_script("return document.documentElement.scrollWidth")
        opened.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
        assert wide <= 360

    def test_prints_every_fact_and_no_controls(self, opened: webdriver.Chrome) -> None:
        opened.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
        assert not opened.find_element(By.ID, "filters").is_displayed()
        assert len(_visible(opened, "article.page")) == 10
        assert opened.print_page()
        opened.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})


def _choose(browser: webdriver.Chrome, name: str, value: str) -> None:
    Select(browser.find_element(By.ID, f"filter-{name}")).select_by_value(value)


def _shown(browser: webdriver.Chrome) -> int:
    return int(browser.find_element(By.ID, "shown").text.split()[0])


def _visible(browser: webdriver.Chrome, selector: str) -> list[str | None]:
    found = browser.find_elements(By.CSS_SELECTOR, selector)
    return [each.get_attribute("data-page") for each in found if each.is_displayed()]


def _luminance(browser: webdriver.Chrome, selector: str, name: str) -> float:
    """How light a colour is, as WCAG reckons it."""
    script = "return getComputedStyle(document.querySelector(arguments[0]))[arguments[1]]"
    color = browser.execute_script(script, selector, name)
    parts = [float(part) / 255 for part in color.split("(")[1].rstrip(")").split(",")[:3]]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return sum(weight * p for weight, p in zip((0.2126, 0.7152, 0.0722), linear, strict=True))

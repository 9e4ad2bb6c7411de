"""What a page leaves open: asked all at once, settled by entries, and in the way of little."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from contract_tests.tests.documentation.base import CONFLICTS
from contract_tests.tests.documentation.checkout import (
    HORSE,
    LATER,
    Made,
    edition,
    snapshot,
    spec_of,
    valid,
)
from contract_tests.tests.documentation.reading.expectation import PAGES
from documentation import commands, facts_files
from documentation.changing.accept import accept
from documentation.changing.questions import parse_taken
from documentation.changing.retire import retire
from documentation.changing.review import CHOICES, Review, review
from documentation.checking.check import check
from documentation.conflicts import load_conflicts, parsed
from documentation.fact import PageError
from overlays import yaml_text

pytestmark = pytest.mark.usefixtures("read_here")
UNSEEN = Path(__file__).parent / "unseen" / "pages"

MOON = ("Sharpness of the picture", "Must match the moon phase of 3 cities")
BOUND = ("3 <= x <= 15", "3 <= x <= 10")
DEFAULT = ("Clip length in seconds", "Clip length in seconds. Defaults to 7")
CHANGELOG = "# C\n\n### Added\n\n- a\n\n### Changed\n\n- b\n"
BODY = {"model": HORSE.stem, "prompt": "p"}


def page_of(checkout: Path, tmp_path: Path, *changes: tuple[str, str], **more: Any) -> Review:
    return review(edition(tmp_path, *changes), "", checkout, **more)


def rows(checkout: Path, section: str) -> list[dict[str, Any]]:
    listed: list[dict[str, Any]] = yaml_text.load((checkout / CHOICES).read_text("utf-8"))[section]
    return listed


def kinds(result: Review) -> list[tuple[str, bool]]:
    return [(each.kind.partition(" ")[0], each.stops) for each in result.questions]


def test_all_that_is_open_is_asked_at_once_with_choices_and_entries(
    checkout: Path, tmp_path: Path
) -> None:
    result = page_of(checkout, tmp_path, MOON, BOUND, DEFAULT)
    assert kinds(result) == [("contradiction", True), ("contradiction", False), ("unread", False)]
    said = "\n".join(commands.asked_lines(result))
    for words in (
        "1. contradiction: request duration default",
        "5 (schema) and 7 (prose)",
        "TAKE=1=prose: 7 holds",
        "2. contradiction: request duration maximum",
        "until somebody chooses, 15 holds",
        "Must match the moon phase of 3 cities",
        "TAKE=3=nothing: it binds no request",
    ):
        assert words in said, words
    for each in result.questions:  # what is pasted is right, but for the reason
        parsed("\n".join(each.entry))
        assert all(line in said for line in each.entry[1:])
    text = (checkout / CHOICES).read_text("utf-8").replace("unread: []", "unread:")
    for each in result.questions:
        section, *lines = each.entry
        text = text.replace(f"{section}\n", "\n".join([section, *lines, ""]), 1)
    (checkout / CHOICES).write_text(text, "utf-8")
    pasted = page_of(checkout, tmp_path, MOON, BOUND, DEFAULT)
    assert pasted.questions == [] and pasted.stands == []


def test_only_what_no_reading_admits_stops_a_page_and_leaves_everything(
    checkout: Path, tmp_path: Path
) -> None:
    before, made = snapshot(checkout), Made()
    with pytest.raises(PageError, match=r"settle this first.* duration default"):
        accept(page_of(checkout, tmp_path, MOON, DEFAULT), checkout, made)
    after = snapshot(checkout)
    assert {name: after[name] for name in before} == before and made.targets == []


def test_a_sentence_that_nobody_understood_stays_open_without_its_words(
    checkout: Path, tmp_path: Path
) -> None:
    accept(page_of(checkout, tmp_path, MOON), checkout, Made())
    file = facts_files.load(HORSE.stem, checkout / "documentation" / "facts")
    assert file is not None and file.path is not None
    [note] = file.open
    assert (note.location, note.field) == ("request", "resolution")
    assert "moon" not in file.path.read_text("utf-8")
    again = page_of(checkout, tmp_path, MOON)
    assert kinds(again) == [("unread", False)] and not again.is_news
    folder = checkout / "documentation"
    report = check(folder / "facts", checkout / "openapi.yaml", folder / "conflicts.yaml")
    assert report.differences == [] and len(report.open) == 1
    assert HORSE.stem in report.open[0] and note.sentence in report.open[0]


def test_what_is_taken_is_written_with_the_reason_and_asked_no_more(
    checkout: Path, tmp_path: Path
) -> None:
    taken = parse_taken(["1=prose 2=schema", "3=nothing"])
    asked = (MOON, BOUND, DEFAULT)
    result = page_of(checkout, tmp_path, *asked, taken=taken, reason="The sentence is newer.")
    assert result.questions == []
    accept(result, checkout, Made())
    *_, default, maximum = rows(checkout, "contradictions")
    assert (default["choice"], maximum["choice"]) == (7, 10) and "open" not in maximum
    assert {default["reason"], maximum["reason"]} == {"The sentence is newer."}
    assert len(rows(checkout, "unread")) == 1
    again = page_of(checkout, tmp_path, *asked)
    assert again.questions == [] and not again.is_news


def test_a_question_has_one_answer() -> None:
    with pytest.raises(PageError, match="question 1 has another answer before it"):
        parse_taken(["1=prose", "1=schema"])


def test_the_wider_reading_holds_until_somebody_chooses(checkout: Path, tmp_path: Path) -> None:
    accept(page_of(checkout, tmp_path, BOUND), checkout, Made())
    assert rows(checkout, "contradictions")[-1]["open"] == "wider"
    assert valid(checkout, BODY | {"duration": 15}) and not valid(checkout, BODY | {"duration": 16})
    result = page_of(checkout, tmp_path, BOUND)
    assert kinds(result) == [("contradiction", False)]
    line = result.questions[0].line
    listed = (checkout / CHOICES).read_text("utf-8").splitlines()
    assert listed[line - 1].strip() == f"- page: {HORSE.stem}"
    labels = {
        label
        for label in result.questions[0].choices
        if "10 holds" in result.questions[0].choices[label]
    }
    taken = {1: labels.pop()}
    accept(page_of(checkout, tmp_path, BOUND, taken=taken, reason="It fails."), checkout, Made())
    entry = rows(checkout, "contradictions")[-1]
    assert (entry["choice"], entry["reason"], "open" in entry) == (10, "It fails.", False)
    assert not valid(checkout, BODY | {"duration": 11})


def test_an_answer_that_two_pages_describe_otherwise_takes_what_either_says(
    checkout: Path,
) -> None:
    result = review(str(PAGES / "wan-2.6-video-edit.md"), "", checkout)
    assert kinds(result) == [("contradiction", False)]
    accept(result, checkout, Made())
    [entry] = [r for r in rows(checkout, "contradictions") if r.get("open")]
    assert (entry["in"], entry["field"], entry["keyword"]) == ("response", "status", "enum")
    listed = [set(statement["value"]) for statement in entry["statements"]]
    assert set(entry["choice"]) == set.union(*listed)


@pytest.mark.parametrize(
    ("taken", "reason", "said"),
    [
        ("x=prose", "why", "expected: a question's number"),
        ("9=prose", "why", "there is no question 9"),
        ("1=prose", " ", "say why"),
        ("1=never", "why", "none of schema, prose"),
        ("3=maximum", "why", "a keyword and its value"),
        ("3=enum:[x]", "why", "states it already"),
    ],
)
def test_what_can_not_be_taken_is_said(
    checkout: Path, tmp_path: Path, taken: str, reason: str, said: str
) -> None:
    before = snapshot(checkout)
    with pytest.raises(PageError, match=said):
        page_of(
            *(checkout, tmp_path, MOON, BOUND, DEFAULT), taken=parse_taken([taken]), reason=reason
        )
    after = snapshot(checkout)
    assert {name: after[name] for name in before} == before


@pytest.mark.parametrize(
    ("taken", "said"),
    [
        ("foo:1", "foo is no keyword; expected: one of"),
        ("together:prompt", "together prompt does not fit; expected: as together:[a, b]"),
        ("maximum:abc", "maximum abc does not fit; expected: as maximum:10"),
        ("excludes:moons", "excludes: there is no field moons"),
        ("maximum", "expected: nothing, or a keyword and its value, as maximum:10"),
    ],
)
def test_a_sentence_is_taken_for_nothing_that_says_nothing(
    checkout: Path, tmp_path: Path, taken: str, said: str
) -> None:
    before = snapshot(checkout)
    with pytest.raises(PageError) as caught:
        page_of(checkout, tmp_path, MOON, taken={1: taken}, reason="So it is.")
    assert said in str(caught.value)
    assert before.items() <= snapshot(checkout).items()


def test_two_commands_do_not_change_a_checkout_at_once(checkout: Path, tmp_path: Path) -> None:
    def make(root: Path, _: list[str]) -> None:
        accept(page_of(checkout, tmp_path, BOUND), root, Made())

    before = snapshot(checkout)
    with pytest.raises(PageError, match="another command changes this checkout"):
        accept(page_of(checkout, tmp_path), checkout, make)
    assert before.items() <= snapshot(checkout).items()


def test_a_sentence_can_be_taken_for_a_limit_that_no_rule_saw(
    checkout: Path, tmp_path: Path
) -> None:
    moon = ("Repeat a result by repeating its seed", "Must match the phase of 4 moons")
    taken = {1: "multipleOf:4"}
    result = page_of(checkout, tmp_path, moon, taken=taken, reason="A seed is a phase.")
    assert result.stands == []
    accept(result, checkout, Made())
    assert valid(checkout, BODY | {"seed": 8}) and not valid(checkout, BODY | {"seed": 7})


SEED = ("Repeat a result by repeating its seed", MOON[1])
BOTH = ("Repeat a result by repeating its seed", f"{MOON[1]}. It repeats a result")


def of_another_model(tmp_path: Path, *changes: tuple[str, str]) -> str:
    """The first test page as that of a model that nobody has."""
    text = Path(edition(tmp_path, *changes)).read_text("utf-8")
    page = tmp_path / "zorse-1.txt"
    page.write_text(text.replace(HORSE.stem, page.stem), "utf-8")
    return str(page)


def unread_of(result: Review) -> list[str]:
    return [each.where for each in result.questions if each.kind.startswith("unread")]


def test_a_limit_that_a_sentence_is_taken_for_is_that_of_its_page_and_field(
    checkout: Path, tmp_path: Path
) -> None:
    taken, reason = {1: "multipleOf:4"}, "A seed is a phase."
    accept(page_of(checkout, tmp_path, SEED, taken=taken, reason=reason), checkout, Made())
    assert rows(checkout, "unread") == []
    entry = rows(checkout, "silences")[-1]
    assert (entry["page"], entry["field"], entry["spec"]) == (HORSE.stem, "seed", 4)
    assert unread_of(page_of(checkout, tmp_path, SEED)) == []
    assert unread_of(page_of(checkout, tmp_path, MOON, BOTH)) == ["request resolution"]
    other = review(of_another_model(tmp_path, SEED), "", checkout, edition_of="-")
    assert unread_of(other) == ["request seed"]
    accept(other, checkout, Made())
    assert not valid(checkout, BODY | {"seed": 7})
    assert valid(checkout, BODY | {"model": "zorse-1", "seed": 7})
    folder = checkout / "documentation"
    report = check(folder / "facts", checkout / "openapi.yaml", folder / "conflicts.yaml")
    assert [line for line in report.open if entry["sentence"] in line] == [
        f"zorse-1 request seed: sentence {entry['sentence']} is not understood"
    ]


def test_a_sentence_that_binds_nothing_binds_nothing_on_any_page(
    checkout: Path, tmp_path: Path
) -> None:
    assert len(unread_of(page_of(checkout, tmp_path, MOON, BOTH))) == 2
    for answers in ({1: "nothing"}, {1: "nothing", 2: "nothing"}):
        taken = page_of(checkout, tmp_path, MOON, BOTH, taken=answers, reason="So it is.")
        assert unread_of(taken) == []
    accept(taken, checkout, Made())
    assert len(rows(checkout, "unread")) == 1
    other = review(of_another_model(tmp_path, MOON), "", checkout, edition_of="-")
    assert unread_of(other) == []


def test_a_limit_ends_with_the_sentence_that_it_was_taken_from(
    checkout: Path, tmp_path: Path
) -> None:
    taken, reason = {1: "multipleOf:4"}, "A seed is a phase."
    accept(page_of(checkout, tmp_path, SEED, taken=taken, reason=reason), checkout, Made())
    result = page_of(checkout, tmp_path)
    [line] = result.ended
    assert f"{HORSE.stem} seed multipleOf) is taken out" in line
    facts = checkout / "documentation" / "facts"
    file = facts_files.load(HORSE.stem, facts)
    assert file is not None and file.path is not None
    text, [asked] = file.path.read_text("utf-8"), file.open
    file.path.write_text(text.replace(asked.sentence, "0" * 12), "utf-8")
    report = check(facts, checkout / "openapi.yaml", checkout / CHOICES)
    assert "this silence no longer exists" in "".join(map(str, report.differences))
    file.path.write_text(text, "utf-8")
    accept(result, checkout, Made())
    assert valid(checkout, BODY | {"seed": 7})
    assert all(row["page"] != HORSE.stem for row in rows(checkout, "silences"))


@pytest.mark.parametrize("answer", ["nothing", "maxLength:900"])
def test_the_answer_about_a_sample_holds_until_the_sample_is_gone(
    checkout: Path, tmp_path: Path, answer: str
) -> None:
    page = tmp_path / "vole-5.txt"
    text = (UNSEEN / page.name).read_text("utf-8")
    page.write_text(text.replace('"quality": "720p"', '"last_frame": "https://a.example"'), "utf-8")
    [number] = [
        number
        for number, each in enumerate(review(str(page), "", checkout).questions, 1)
        if "its own sample is refused by it" in each.means
    ]
    taken = review(str(page), "", checkout, taken={number: answer}, reason="It is a slip.")
    accept(taken, checkout, Made())
    again = review(str(page), "", checkout)
    assert again.ended == [] and unread_of(again) == unread_of(taken)
    page.write_text(text, "utf-8")
    [line] = review(str(page), "", checkout).ended
    assert "is taken out: " in line


def test_the_answer_to_a_sentence_goes_with_the_page_that_has_it(
    checkout: Path, tmp_path: Path
) -> None:
    before = (checkout / CHOICES).read_text("utf-8")
    taken = page_of(checkout, tmp_path, MOON, taken={1: "nothing"}, reason="Nobody lives there.")
    accept(taken, checkout, Made())
    assert "Nobody lives there." in (checkout / CHOICES).read_text("utf-8")
    for _ in range(2):
        retire(HORSE.stem, checkout, Made())
    assert (checkout / CHOICES).read_text("utf-8") == before


def test_an_entry_for_what_the_spec_has_no_keyword_of_may_be_written_first(
    checkout: Path, tmp_path: Path
) -> None:
    path = checkout / CHOICES
    entry = (
        f"silences:\n  - page: {HORSE.stem}\n    field: prompt\n    keyword: pattern\n"
        "    spec: ^[^#]*$\n    reason: The service takes no hashes.\n"
    )
    path.write_text(path.read_text("utf-8").replace("silences:\n", entry), "utf-8")
    folder = checkout / "documentation"
    report = check(folder / "facts", checkout / "openapi.yaml", path)
    assert report.differences == [] and any(HORSE.stem in line for line in report.settled)
    accept(review(str(HORSE), "", checkout), checkout, Made())
    assert valid(checkout, BODY) and not valid(checkout, BODY | {"prompt": "#"})


def test_an_entry_that_no_longer_applies_is_said_with_its_cause_and_removed(
    checkout: Path, tmp_path: Path
) -> None:
    accept(page_of(checkout, tmp_path, BOUND), checkout, Made())
    count = len(rows(checkout, "contradictions"))
    result = page_of(checkout, tmp_path, ("string length: 2500", "string length: 2400"))
    [line] = result.ended
    assert "duration maximum" in line and "is taken out: request duration: at most" in line
    accept(result, checkout, Made())
    assert len(rows(checkout, "contradictions")) == count - 1


def test_an_entry_follows_its_field_to_a_new_name_and_references_are_kept(checkout: Path) -> None:
    path = checkout / CHOICES
    entry = (
        "silences:\n  - page: veo-3.1-extend\n    field: video\n    keyword: maxLength\n"
        "    spec: 2000\n    reason: &long It is an address.\n"
        "  - page: veo-3.1-extend\n    field: advanced\n    keyword: minProperties\n"
        "    spec: 1\n    reason: *long\n"
    )
    path.write_text(path.read_text("utf-8").replace("silences:\n", entry), "utf-8")
    result = review(str(LATER), "", checkout)
    assert [" follows the field " in line for line in result.ended] == [True, False]
    assert "request field gone: advanced" in result.ended[1]
    after = yaml_text.load(result.choices)["silences"]
    assert after[0]["field"] == "video_url" and after[1]["page"] != "veo-3.1-extend"
    assert after[1:] == yaml_text.load(CONFLICTS.read_text("utf-8"))["silences"]


WRONG = {
    "contradictions: 5\n": "line 1: contradictions is 5; expected: a list",
    "contradictions:\n  - words\n": "line 2: a contradiction is words; expected: {page: name",
    "silences:\n  - page: a\n    keyword: type\n    spec: x\n": "line 2: a silence lacks reason",
    "silences:\n  - page: a\n    keywrod: type\n": "line 3: a silence has no keywrod; expected",
    "unread:\n\n  - {sentence: moon, reason: r}\n": "line 3: .* expected: the 12 digits",
    "a: [\n": "line 2 is no YAML",
    "unread: []\nsilences: []\nunread: []\n": "line 3: unread stands twice",
    "\nothers: []\n": "line 2: others is none of contradictions, silences",
    "contradictions:\n  - {page: a, field: b, keyword: maximun, choice: 1, reason: r}\n": (
        "line 2: .*keyword is maximun; expected: one of required, type"
    ),
}


@pytest.mark.parametrize("text", WRONG, ids=WRONG.values())
def test_a_wrong_entry_is_named_by_its_line_and_what_is_expected(text: str, tmp_path: Path) -> None:
    path = tmp_path / "conflicts.yaml"
    path.write_text(text, "utf-8")
    with pytest.raises(PageError, match=f"^conflicts.yaml {WRONG[text]}") as refusal:
        load_conflicts(path)
    assert "\n" not in str(refusal.value)


def test_two_ids_that_read_alike_get_names_that_do_not(checkout: Path, tmp_path: Path) -> None:
    text = HORSE.read_text("utf-8").replace(HORSE.stem, "veo-3.1-fast")
    page = tmp_path / "veo-3.1-fast.txt"
    page.write_text(text, "utf-8")
    result = review(str(page), "", checkout)
    [question] = result.questions
    assert "which reads like veo3.1-fast of page veo3.1-fast" in question.says
    assert not question.stops
    accept(result, checkout, Made())
    assert "VeoDash31FastRequest" in spec_of(checkout)["components"]["schemas"]
    assert review(str(page), "", checkout).questions == []


def test_the_class_of_an_id_that_reads_alike_can_be_named(checkout: Path, tmp_path: Path) -> None:
    page = tmp_path / "veo-3.1-fast.txt"
    page.write_text(HORSE.read_text("utf-8").replace(HORSE.stem, "veo-3.1-fast"), "utf-8")
    with pytest.raises(PageError, match="no name of a class"):
        review(str(page), "", checkout, taken={1: "veo"})
    accept(review(str(page), "", checkout, taken={1: "VeoClassicRequest"}), checkout, Made())
    assert "VeoClassicRequest" in spec_of(checkout)["components"]["schemas"]


def test_help_says_what_the_page_says_a_field_is(checkout: Path) -> None:
    accept(review(str(HORSE), "", checkout), checkout, Made())
    [schema] = [
        s for name, s in spec_of(checkout)["components"]["schemas"].items() if "Happyhorse" in name
    ]
    assert schema["description"] == "Happyhorse 1.0 text to video."
    said = {name: each["description"] for name, each in schema["properties"].items()}
    assert said["resolution"] == "Sharpness of the picture."
    assert said["model"] == "The model to use.", "the page says no more than its id"
    assert not [words for words in said.values() if "describes" in words]


def test_a_fact_read_from_prose_is_shown_with_its_sentence_which_is_not_stored(
    checkout: Path, tmp_path: Path
) -> None:
    accept(page_of(checkout, tmp_path, MOON), checkout, Made())
    result = page_of(checkout, tmp_path, ("Sharpness of the picture", "At most 5 characters"))
    assert commands.prose_lines(result) == [
        "request resolution maxLength 5 <- At most 5 characters"
    ]


def test_names_that_a_layout_lost_are_asked_and_given_with_the_rest(
    checkout: Path, tmp_path: Path
) -> None:
    frames = (PAGES / "standins" / "veo3.1-fast.frames.txt").read_text("utf-8")
    page = tmp_path / "pony-2.txt"
    page.write_text(frames.replace("veo3.1-fast", "pony-2"), "utf-8")
    result = review(str(page), "", checkout)
    assert kinds(result)[:2] == [("names", True), ("names", True)]
    known = facts_files.load("veo3.1-fast.frames", checkout / "documentation" / "facts")
    assert known is not None
    taken = {
        n: ",".join(known.names[q.where.partition(",")[0]])
        for n, q in enumerate(result.questions, 1)
        if q.kind == "names"
    }
    after = review(str(page), "", checkout, taken=taken, reason="By the sample.")
    assert after.reading.unnamed == [] and after.file.names == known.names
    assert {each.kind for each in after.questions if not each.stops} >= {"silence"}


LIMITS = (
    "Links to at most 3 videos, kept for 24 hours",
    "The video must be 5 to 10 seconds",
    "Videos between 2 and 10 minutes are available",
    "Supports clips of 10 seconds",
    "Up to 4 files, deleted after 2 days",
    "视频最多保存3个链接",
    "Only 2 results are available for 5 minutes",
    "usually 5 frames",
    "1080p and 4k need a duration of 8",
    "Takes 5 seconds of video",
)


def test_kinds_of_sentences_that_bind_nothing_are_known_on_every_page(checkout: Path) -> None:
    known = yaml_text.load(CONFLICTS.read_text("utf-8"))["recurring"]
    for each, (pattern, _) in zip(known, load_conflicts(CONFLICTS).recurring, strict=True):
        assert pattern.fullmatch(each["example"]), each
        assert [limit for limit in LIMITS if pattern.fullmatch(limit)] == []
    result = review(str(PAGES / "unseen" / "kling-o1-video-edit.txt"), "", checkout)
    said = {note.sentence: note.reason for note in result.reading.ignored}
    assert said["An answer is due in 10 seconds"] == "how an answer is delivered"
    assert all("An answer is due" not in each.says for each in result.questions)


def test_a_page_that_stands_still_ends_docs_diff_with_1(
    checkout: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(commands, "ROOT", checkout)
    other = tmp_path / "veo-3.1-extend.txt"
    other.write_bytes(HORSE.read_bytes())
    for change, code, said in (
        (None, 1, "refused: it has the name of page veo-3.1-extend"),
        (DEFAULT, 1, "1. contradiction: request duration default"),
        (MOON, 0, "unread sentence"),
    ):
        source = edition(tmp_path, change) if change else str(other)
        assert commands.diff_command(source, "", "") == code, said
        assert said in capsys.readouterr().out


def test_a_new_edition_is_known_by_its_models_whatever_its_file_is_called(
    checkout: Path, tmp_path: Path
) -> None:
    page = tmp_path / "saved in may (2).txt"
    page.write_bytes(LATER.read_bytes())
    (checkout / "CHANGELOG.md").write_text(CHANGELOG, "utf-8")
    result = review(str(page), "", checkout)
    assert "taken as a new edition of page veo-3.1-extend" in result.notes[0]
    facts = sorted((checkout / "documentation" / "facts").iterdir())
    accept(result, checkout, Made())
    assert sorted((checkout / "documentation" / "facts").iterdir()) == facts
    body = {"model": "veo-3.1-extend", "prompt": "p", "video_url": "https://example.com/v.mp4"}
    assert valid(checkout, body)
    told = " ".join((checkout / "CHANGELOG.md").read_text("utf-8").split())
    assert "- Breaking, page `veo-3.1-extend`: request field renamed: video is now" in told
    assert "video_url; request field gone: advanced." in told, "how sure it is, is for reviewers"


def test_what_only_widens_breaks_nobody_and_is_not_told_as_breaking(
    checkout: Path, tmp_path: Path
) -> None:
    changelog = checkout / "CHANGELOG.md"
    changelog.write_text(CHANGELOG, "utf-8")
    accept(review(str(HORSE), "", checkout), checkout, Made())
    assert f"- New page `{HORSE.stem}`, with `{HORSE.stem}`." in changelog.read_text("utf-8")
    before = changelog.read_text("utf-8")
    longer = ("string length: 2500", "string length: 2600")
    accept(page_of(checkout, tmp_path, longer), checkout, Made())
    assert changelog.read_text("utf-8") == before


def test_help_of_a_field_with_a_new_name_stays_what_it_was(checkout: Path) -> None:
    def said(name: str) -> str:
        schema = spec_of(checkout)["components"]["schemas"]["Veo31ExtendRequest"]
        words: str = schema["properties"][name]["description"]
        return words

    before = said("video")
    accept(review(str(LATER), "", checkout), checkout, Made())
    assert said("video_url") == before and "Not an input" not in before

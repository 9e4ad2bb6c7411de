"""Every line of the rule table is run on its own example, alone and among all the others."""

from __future__ import annotations

import re

from contract_tests.tests.conftest import of_each
from contract_tests.tests.documentation.reading.rule_examples import RULES, facts_of, fields, wanted
from documentation.reading.layouts.draft import Draft
from documentation.reading.layouts.text import normal
from documentation.reading.page import read_page
from documentation.reading.prose.applying import apply
from documentation.reading.prose.clause import Clause, Said
from documentation.reading.prose.context import Context
from documentation.reading.prose.meaning.meanings import MEANINGS, OF_A_GLOSS
from documentation.reading.prose.quantity import ITEM_NOUNS, MEDIA
from documentation.reading.prose.rules import Rule, Sign, ignoring_case, lines_of, sign, signs
from documentation.reading.prose.rules.synonyms import Synonym, plainer, synonyms
from documentation.reading.prose.sentences import ProseReader


def said(rule: Rule) -> tuple[Said, Context, Draft]:
    drafts = fields()
    draft = next(draft for draft in drafts if draft.name == rule.field)
    if rule.meaning in ("needs", "no-items", "leaves-out", "may-have"):
        draft.schema = []
        draft.prose = ["可选值:" if rule.chinese else "Options:"]
        if not rule.chinese or "video" in rule.example:
            drafts[0].prose = []
    if rule.field == "video_url" and "续写" in rule.example:
        drafts[1].prose = ["可选值:", "video-continuation -- 视频续写"]
    draft.prose = [*draft.prose, rule.example]
    context = Context(drafts)
    return ProseReader("page", context).read(draft), context, draft


@of_each([(rule,) for rule in RULES])
def test_a_rule_reads_its_example(rule: Rule) -> None:
    result, _, _ = said(rule)
    asks = rule.says == "unread"
    assert bool(result.unread) == asks, "only a rule that asks leaves its example unread"
    if rule.says in ("ignored", "nothing", "unread"):
        assert not result.facts
        assert bool(result.ignored) == (rule.says == "ignored")
    else:
        assert sorted(facts_of(result)) == sorted(wanted(rule.says))


@of_each([(rule,) for rule in RULES])
def test_a_rule_itself_matches_its_example(rule: Rule) -> None:
    _, context, draft = said(rule)
    gloss = rule.meaning in OF_A_GLOSS and "--" in rule.example
    text = normal(rule.example)
    text = text.split("--", 1)[1].strip() if gloss else text
    clause = Clause(draft, context, text, gloss=gloss)
    senses, _, _ = apply(clause, lambda r: r is rule)
    assert senses, f"{rule.pattern} does not match {text}"


@of_each([(rule,) for rule in RULES])
def test_the_same_words_above_the_fields_are_no_fact(rule: Rule) -> None:
    drafts = fields()
    loose = Said()
    ProseReader("page", Context(drafts)).loose(normal(rule.example), loose)
    assert not loose.facts


@of_each([(line,) for line in signs()])
def test_a_sign_finds_what_its_example_marks_and_no_other_line_of_it_does(line: Sign) -> None:
    before, found, after = re.split("[«»]", line.example)
    text, span = before + found + after, (len(before), len(before + found))
    assert normal(text) == text
    match = sign(line.name).search(text)
    assert match is not None and match.span() == span
    others = [each.pattern for each in signs() if each.name == line.name and each != line]
    found_too = [match for each in others for match in re.finditer(each, text, re.IGNORECASE)]
    assert span not in [match.span() for match in found_too]


@of_each([(synonym,) for synonym in synonyms()])
def test_a_synonym_is_read_as_its_example_shows(synonym: Synonym) -> None:
    assert synonym.expression.sub(synonym.said, synonym.example) == synonym.result
    assert plainer(synonym.result) == synonym.result


@of_each([(synonym,) for synonym in synonyms("retold")])
def test_what_no_rule_reads_is_told_again_as_its_example_shows(synonym: Synonym) -> None:
    assert synonym.expression.sub(synonym.said, synonym.example) == synonym.result


@of_each([tuple(cells) for cells in lines_of("nouns")])
def test_a_noun_of_a_field_is_told_as_its_name(
    names: str, nouns: str, example: str, result: str
) -> None:
    name = result.split()[0]
    assert re.fullmatch(names, name)
    told = ignoring_case(nouns).sub(f" {name} ", example)
    assert " ".join(told.split()) == result


@of_each(
    [
        (sentence, noun)
        for nouns in ITEM_NOUNS.values()
        for sentence, language in zip(("Up to one {}", "最多一个{}"), nouns, strict=True)
        for noun in language.split()
    ]
)
def test_a_noun_of_the_table_is_counted_wherever_it_stands(sentence: str, noun: str) -> None:
    medium = next((word for word in MEDIA if MEDIA[word].search(noun)), "thing")
    draft = Draft("request", f"{medium}s", ("array",), prose=[sentence.format(noun)])
    result = ProseReader("page", Context([draft])).read(draft)
    assert "maxItems 1" in facts_of(result) and not result.unread


def test_a_limit_above_the_fields_is_a_question() -> None:
    text = "Audio is only supported by veo-3.1.\n\nBody\n\nprompt\nstring\nrequired\n"
    reading = read_page(text, "page")
    assert [(fact.field, fact.keyword) for fact in reading.facts] == [
        ("prompt", "type"),
        ("prompt", "required"),
    ]
    assert [note.sentence for note in reading.unread] == ["Audio is only supported by veo-3.1"]


def test_a_rule_names_a_meaning_that_exists() -> None:
    unknown = {r.meaning for r in RULES if not r.meaning.startswith("ignored:")} - set(MEANINGS)
    assert not unknown


def test_both_languages_have_each_meaning() -> None:
    spoken = {
        chinese: {r.meaning.partition(":")[0] for r in RULES if r.chinese is chinese}
        for chinese in (True, False)
    }
    assert spoken[True] == spoken[False]

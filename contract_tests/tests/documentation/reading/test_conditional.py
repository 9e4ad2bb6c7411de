"""Every form of a sentence that holds for some requests only is run on its own example."""

from __future__ import annotations

from contract_tests.tests.conftest import of_each
from contract_tests.tests.documentation.reading.rule_examples import facts_of, fields, wanted
from documentation.fact import Fact
from documentation.reading.layouts.text import normal
from documentation.reading.prose.clause import Said
from documentation.reading.prose.context import Context
from documentation.reading.prose.rules.conditional import Form, forms
from documentation.reading.prose.sentences import ProseReader


def read(form: Form) -> Said:
    """What the example says, of the fields of all examples and three resolutions."""
    drafts = fields()
    by_name = {draft.name: draft for draft in drafts}
    by_name["resolution"].schema = [("enum", ["720p", "1080p", "4k"])]
    draft = by_name[form.field]
    beside = " -- " in form.example
    draft.prose = ["Options:", form.example] if beside else [form.example]
    said = ProseReader("page", Context(drafts)).read(draft)
    return Said([f for f in said.facts if not is_listing(f, beside)], said.unread, said.ignored)


def is_listing(fact: Fact, beside: bool) -> bool:
    return beside and fact.keyword == "enum"


@of_each([(form,) for form in forms()])
def test_a_form_reads_its_example(form: Form) -> None:
    assert sorted(facts_of(read(form))) == sorted(wanted(form.says))


@of_each([(form,) for form in forms()])
def test_a_form_itself_matches_its_example(form: Form) -> None:
    text = normal(form.example).split(" -- ")[-1]
    assert form.expression.match(text.split("--")[-1].strip()), form.example

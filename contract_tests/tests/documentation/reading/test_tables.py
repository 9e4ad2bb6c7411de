"""What the cells of a table say, in words."""

from __future__ import annotations

from documentation.reading.layouts.tabular.tables import Table, take_tables


def table(*rows: str) -> Table:
    """The table that lines make whose rows begin with one of two models."""
    names = ("nova-1-pro", "nova-1-lite")

    def starts(line: str) -> str:
        return next((name for name in names if line.startswith(name)), "")

    tables, left = take_tables([row.replace("|", "\t") for row in rows], starts)
    assert not left
    return tables[0]


def test_a_price_limits_nothing() -> None:
    found = table("Model|Credits per second", "nova-1-pro|9", "nova-1-lite|5")
    assert found.rows == [("nova-1-pro", ""), ("nova-1-lite", "")]


def test_a_column_of_yes_and_no_says_who_lacks_what_it_names() -> None:
    found = table("Model|negative_prompt|Rhymes", "nova-1-pro|Yes|Yes", "nova-1-lite|No|No")
    lacks = "does not support negative_prompt; does not support rhymes"
    assert found.rows == [("nova-1-pro", ""), ("nova-1-lite", lacks)]


def test_a_column_that_says_more_than_yes_and_no_is_read_cell_by_cell() -> None:
    found = table("Model|Needs", "nova-1-pro|prompt", "nova-1-lite|no")
    assert found.rows == [("nova-1-pro", "requires prompt"), ("nova-1-lite", "no")]


def test_sizes_beside_what_a_field_may_be_are_remarks() -> None:
    found = table(
        "Model|720p|1080p", "nova-1-pro|1280x720|1920x1080", "nova-1-lite|960x540|not supported"
    )
    assert found.rows == [("nova-1-pro", ""), ("nova-1-lite", "not supported with 1080p")]

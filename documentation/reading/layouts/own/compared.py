"""Tables that compare models: what their rows say of fields, and what is left to be read."""

from __future__ import annotations

from documentation.reading.layouts.draft import Draft
from documentation.reading.layouts.field_tables import name_in
from documentation.reading.layouts.tabular.cells import LEFT_OUT, NEEDED


def say_of_models(table: list[list[str]], asked: dict[str, Draft]) -> list[str]:
    """Say of each field that begins a row which models need or lack it.

    Args:
        table: The cells of each row, the first of which has the models.
        asked: The fields of requests by their names.

    Returns:
        The lines of a table of the other rows; none where there are no others.
    """
    head, *rows = table
    own = asked.get(head[0].lower())
    if own is not None and own.name != "model":  # its values stand in the first column
        own.prose += ["", *("\t".join(row) for row in table), ""]
        return []
    rest = [[head[0] or "feature", *head[1:]]]
    for first, *cells in rows:
        draft = asked.get(name_in(first))
        if draft is None:
            rest.append([first, *cells])
            continue
        told = dict(zip(head[1:], cells, strict=False))
        lacking = [model for model, cell in told.items() if LEFT_OUT.fullmatch(cell)]
        having = [model for model in told if model not in lacking]
        if lacking and having:
            draft.prose.append(f"Only for {' and '.join(having)}.")
        needing = [model for model, cell in told.items() if NEEDED.fullmatch(cell)]
        draft.prose += [f"Required for {' and '.join(needing)}."] if needing else []
    return ["", *("\t".join(row) for row in rest), ""] if len(rest) > 1 else []

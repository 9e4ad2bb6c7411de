"""What a sentence says of the numbers of one object: that only one of them is set, or is not 0."""

from __future__ import annotations

import itertools

from documentation.reading.layouts.draft import Draft
from documentation.reading.prose.conditional.qualified import Found
from documentation.reading.prose.context import Context
from documentation.reading.prose.rules import sign

_ONE = sign("one-member")
_EXACT = sign("one-member-exactly")


def one_member(draft: Draft, sentence: str, context: Context) -> Found:
    """`Only one of them may be other than 0`: facts of each two members; else nothing."""
    members = [
        name
        for name, other in context.drafts.items()
        if name.rpartition(".")[0] == draft.name and other.type in ("number", "integer")
    ]
    found = _ONE.search(sentence) if draft.type == "object" and len(members) > 1 else None
    if found is None:
        return []
    needed: Found = [(members[0], "oneNeeded", members)] if _EXACT.search(sentence) else []
    pairs = list(itertools.combinations(members, 2))
    if not any(found.groupdict().values()):
        return [*needed, *((one, "excludes", other) for one, other in pairs)]
    like = {"given": True, "like": {"unlike": 0}}
    apart = [(one, "mode", {**like, "needs": {other: {"enum": [0]}}}) for one, other in pairs]
    return [*needed, *apart]

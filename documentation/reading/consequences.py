"""What follows from what a page says: a model's needs rule things out, hosts are of addresses."""

from __future__ import annotations

import dataclasses

from documentation.fact import Fact


def with_consequences(facts: list[Fact]) -> list[Fact]:
    """The facts, and the fields that a model never has because of those that it always has.

    What has a host is an address.
    `nova-1-lite needs image_url` and `size is not allowed with image_url` leave that model no size.
    """
    there = [fact for fact in facts if fact.location == "request"]
    known = {fact.field for fact in there if fact.keyword in ("https", "format", "pattern")}
    facts = [
        *facts,
        *(
            dataclasses.replace(fact, keyword="format", value="uri")
            for fact in there
            if fact.keyword == "forbiddenHosts" and fact.field not in known
        ),
    ]
    apart = {
        (one, other)
        for fact in there
        if fact.keyword == "excludes"
        for one, other in ((fact.field, fact.value), (fact.value, fact.field))
    }
    apart |= {
        (fact.field, name)
        for fact in there
        if fact.keyword == "mode" and {*fact.value} == {"given", "needs"} and fact.value["given"]
        for name, limits in fact.value["needs"].items()
        if limits == {"maxItems": 0}
    }
    found: list[Fact] = []
    for fact in there if apart else ():
        if (fact.field, fact.keyword) != ("model", "mode") or "beside" in fact.value:
            continue
        always = {name for name, limits in fact.value["needs"].items() if limits.get("required")}
        needs = {name: {"maxItems": 0} for one, name in sorted(apart) if one in always}
        if needs:
            found.append(dataclasses.replace(fact, value=fact.value | {"needs": needs}))
    return [*facts, *found]

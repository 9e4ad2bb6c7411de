"""Finds what the condition of a sentence means: which requests it is that a rule is for."""

from __future__ import annotations

import dataclasses
import itertools
import re

from documentation.reading.layouts.draft import Draft
from documentation.reading.prose.conditional.composing.atoms import atoms_in
from documentation.reading.prose.conditional.named_limits import without_names
from documentation.reading.prose.conditional.naming.named import Named
from documentation.reading.prose.conditional.qualifiers import Qualifier
from documentation.reading.prose.context import Context
from documentation.reading.prose.rules import sign

_CONDITIONAL, _SAYS_MORE = sign("composed-conditional"), sign("composed-says-more")
_COUNTS_ALL, _ANY_OF, _ANY = sign("composed-counts-all"), sign("composed-any-of"), sign("or")
_IDLE, _PLAIN = sign("composed-idle"), sign("idle")


def names_all(text: str, draft: Draft, context: Context) -> bool:
    """Whether a sentence has a condition, and calls fields and their values by their names only."""
    if not _CONDITIONAL.search(text) or _SAYS_MORE.search(text) or _COUNTS_ALL.search(text):
        return False
    atoms = atoms_in(text, draft, context)
    named = [a for a in atoms if a.who.field != "model" and not a.who.count]
    plain = all(_by_name(text[a.start : a.end], a) for a in named)
    switches = any(_is_bare_switch(a, text) for a in named)
    return plain and not switches and 0 < len(named) == len(atoms)


def _is_bare_switch(atom: Named, text: str) -> bool:
    """Whether a switch is named, and not whether it is on."""
    bare = atom.who.values == (True,) and text[atom.start : atom.end] == atom.who.field
    return bare and not _TURNED.search(text[: atom.start])


_TURNED = re.compile(r"(?:打开|开启|启用|(?:turn|switch)(?:ing|ed)? on|enabl(?:e|ing)) ?$", re.I)


def _by_name(words: str, atom: Named) -> bool:
    """Whether words have the name of a field, or one of its values."""
    names = (atom.who.field.rpartition(".")[2], *map(str, atom.who.values))
    return any(
        re.search(rf"(?<![\w.-]){re.escape(name)}(?![\w-])", words, re.A | re.I) for name in names
    )


def whom_of(text: str, draft: Draft, context: Context) -> tuple[list[Qualifier], bool]:
    """The requests that a condition means, and whether one of its parts is enough."""
    atoms = _lacking_alike(atoms_in(text, draft, context, rule=False), text)
    if not atoms or not is_idle(without_names(text, atoms)):
        return [], False
    pairs = list(itertools.pairwise(atoms))
    either = any(_ANY.search(text[one.end : two.start]) for one, two in pairs)
    either = either or (len(atoms) > 1 and _ANY_OF.search(text) is not None)
    if all(atom.who.given is False and _before(atom, text) for atom in atoms):
        either = False  # `without F or G` has none of them
    once = list({str(atom.who): atom.who for atom in atoms}.values())
    if len({who.field for who in once}) < len(once):
        return [], False
    return once, either


def _lacking_alike(atoms: list[Named], text: str) -> list[Named]:
    """The atoms of a condition; `without F and G`, `F and G are missing` is said of both."""
    joined = [
        _JOINT_ONLY.fullmatch(text[one.end : two.start]) is not None
        for one, two in itertools.pairwise(atoms)
    ]
    found = list(atoms)
    for at, is_joined in enumerate(joined):
        one, two = found[at], found[at + 1]
        if is_joined and one.who.given is False and _before(one, text) and _is_bare(two, text):
            found[at + 1] = dataclasses.replace(two, who=Qualifier(two.who.field, given=False))
    for at, is_joined in reversed(list(enumerate(joined))):
        one, two = found[at], found[at + 1]
        after = two.who.given is False and not _before(atoms[at + 1], text)
        if is_joined and after and atoms[at + 1].who.given is False and _is_bare(one, text):
            found[at] = dataclasses.replace(one, who=Qualifier(one.who.field, given=False))
    return found


def _before(atom: Named, text: str) -> bool:
    """Whether what says that a field is missing stands before its name."""
    name = atom.who.field.rpartition(".")[2]
    return not text.startswith((name, atom.who.field), atom.start)


def _is_bare(atom: Named, text: str) -> bool:
    """Whether a text has the name of a field alone, with no word of whether it is given."""
    name = atom.who.field.rpartition(".")[2]
    return atom.who.given is True and text[atom.start : atom.end] in (name, atom.who.field)


_JOINT_ONLY = re.compile(r" ?(?:,|,? ?(?:and|or|nor)|[和与或、/]|以及) ?", re.IGNORECASE)


def is_idle(text: str) -> bool:
    """Whether the words of a text say nothing more."""
    return not _PLAIN.sub("", _IDLE.sub(" ", text)).strip(" ,;:.'\"`()!-、/")

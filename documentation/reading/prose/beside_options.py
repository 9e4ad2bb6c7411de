"""Reads what stands beside options and models, and takes what is understood as facts."""

from __future__ import annotations

import dataclasses
import re
from typing import Any

from documentation.fact import Remark
from documentation.reading.layouts.draft import Draft
from documentation.reading.layouts.option_lines import Option
from documentation.reading.layouts.tabular.combined import Combined
from documentation.reading.layouts.text import normal
from documentation.reading.prose.applying import apply, in_digits, split
from documentation.reading.prose.clause import MOST_SENTENCE, OF_AN_OPTION, Clause, Said
from documentation.reading.prose.conditional.between import for_whom
from documentation.reading.prose.conditional.composing.composed import composed, total_beside
from documentation.reading.prose.conditional.composing.retold import retold
from documentation.reading.prose.conditional.composing.whom import names_all
from documentation.reading.prose.conditional.conditions import UNDER_CONDITION
from documentation.reading.prose.conditional.kinds import of_items
from documentation.reading.prose.conditional.naming.described import own_noun
from documentation.reading.prose.conditional.parts import SO, of_several
from documentation.reading.prose.conditional.phrases import field_of_values
from documentation.reading.prose.conditional.qualified import Found
from documentation.reading.prose.conditional.qualifiers import Qualifier
from documentation.reading.prose.conditional.verdicts import judged, parts_of
from documentation.reading.prose.context import Context
from documentation.reading.prose.cutting import named_once
from documentation.reading.prose.for_some import PartReader, named_by
from documentation.reading.prose.forms.combinations import of_combinations
from documentation.reading.prose.forms.grids import of_grid, of_marks
from documentation.reading.prose.meaning.meanings import OF_A_GLOSS
from documentation.reading.prose.meaning.relations import with_values
from documentation.reading.prose.quantity import measure, media_in
from documentation.reading.prose.rules import sign
from documentation.reading.prose.rules.synonyms import plainer

_CONSTRAINT = sign("constraint")
_LABEL = sign("label")
_PERMITS = sign("permits")
_BINDS = sign("binds")
_VALUES_LABEL = re.compile(
    r"(?P<values>[\w.:-]{1,40}?(?:(?:, ?| ?/ ?| and | or |、|和|或)[\w.:-]{1,40}?){0,7})"
    r" ?(?::|=|—|–|--) ?(?=\S)"
)
_JOINT = re.compile(r", ?| ?/ ?| and | or |、|和|或")
_OF_MEDIA = sign("handed-in")
_LACKS = re.compile(r"(?:不支持|没有|无)(?P<what>[一-鿿]{2,6}?)(?:功能|能力|模式|参数)?")
_INSTEAD = sign("instead-of-it")
_OF_MODELS = sign("of-models")
_ONE_MODEL = sign("one-model")
_OF_MODELS_END = sign("of-models-end")
_REFUSES = sign("verdict-not")
_CONDITION = sign("condition")
_OR = sign("or")
_EACH_COUNT = sign("each-count")
_OPTIONAL = re.compile(r"\b(?:optional|need not)\b|可选(?![值项])|选填", re.IGNORECASE)
_SINGLE = re.compile(r"\b(?:just |only )?(?:an? )?single(?= )", re.IGNORECASE)
_COUNTED_BESIDE = sign("counted-beside")
_NEEDS_ONE_OF = re.compile(r"^(?:needs|requires|takes) (?=(?:at least |exactly )?one of )", re.I)


class OptionReader(PartReader):
    """Reads what stands beside the options of one page's fields."""

    def _sentence(self, draft: Draft, sentence: str, said: Said) -> None:
        """Read a sentence of a field."""
        raise NotImplementedError

    def _composed(self, draft: Draft, plain: str, said: Said) -> bool:
        """Read a sentence of a condition and a rule that names all that it speaks of."""
        if draft.location != "request" or not draft.may_differ or len(plain) > MOST_SENTENCE:
            return False
        text = in_digits(plain)
        found = names_all(text, draft, self.context) and composed(
            draft, text, self.context, self._plain_facts
        )
        return self._take(draft, found or None, said)

    def _retold(self, draft: Draft, plain: str, said: Said, before: tuple[int, int, int]) -> None:
        """Read in other words what made no fact, or left a question, if they leave none.

        Facts and remarks from `before` on are of parts of the sentence, and give way.
        """
        if len(plain) > MOST_SENTENCE:
            return
        again, own = retold(normal(plain), draft, self.context), Said()
        if not self._take(
            draft, composed(draft, in_digits(again), self.context, self._plain_facts), own
        ):
            if again == plain or len(said.facts) > before[0]:
                return
            self._sentence(draft, again, own)
        if own.facts and not own.unread and all_relate(own):
            said.facts[before[0] :] = own.facts
            del said.unread[before[1] :], said.ignored[before[2] :]

    def _total_beside(self, draft: Draft, sentence: str, said: Said) -> bool:
        """Read how many of several fields there may be where another is given, or is not."""
        return self._take(draft, total_beside(draft, sentence, self.context), said)

    def _options(self, draft: Draft, options: list[Option], said: Said) -> None:
        values = [option.value for option in options]
        if draft.type != "boolean":
            self._add(draft, draft.name, "enum", values, said)
        said.tell("; ".join(f"{each.value}: {each.gloss}".rstrip(": ") for each in options))
        for option in options:
            self._remark(draft, option, said)
            said.tell(f"{option.value}: {option.gloss}")

    def _grid(self, draft: Draft, grid: list[tuple[str, str, str]], said: Said) -> None:
        """Read a table that has values above its columns, too."""
        known = draft.location == "request"
        found, after = of_grid(draft, grid, self.context) if known else ([], [])
        said.unread += [Remark(draft.location, draft.name, cell) for cell in after]
        cells = "; ".join(f"{row}, {column}: {cell}" for row, column, cell in grid)
        self._cells(draft, found, cells, said)

    def _marks(self, draft: Draft, marks: list[tuple[str, str, bool]], said: Said) -> None:
        """Read a table that marks which models have what."""
        found = of_marks(marks, self.context) if draft.location == "request" else []
        cells = "; ".join(f"{row}, {head}: {'yes' if yes else 'no'}" for row, head, yes in marks)
        self.marked |= {head.lower() for _, head, _ in marks} if found is not None else set()
        beside = {str(option.value) for option in self.context.options_of(draft)}
        if found is None and {row for row, _, _ in marks} & beside:
            found = []  # its other columns are read beside its options
        self._cells(draft, found, cells, said)

    def _combined(self, draft: Draft, table: Combined, said: Said) -> None:
        """Read a table whose rows are combinations of values."""
        known = draft.location == "request"
        found = of_combinations(draft, table, self.context) if known else []
        cells = "; ".join(", ".join(row) for row in table.rows)
        self._cells(draft, found, cells, said)

    def _cells(self, draft: Draft, found: Found | None, cells: str, said: Said) -> None:
        """Take what a table says; what is not understood is asked."""
        if not self._take(draft, found, said) and found is None:
            said.unread.append(Remark(draft.location, draft.name, cells[:MOST_SENTENCE]))
        said.tell(cells)

    def _remark(self, draft: Draft, option: Option, said: Said) -> None:
        if option.default:
            self._add(draft, draft.name, "default", option.value, said)
        if option.gloss and draft.name != "model":
            self._gloss(draft, option, said)
        elif option.gloss and str(option.value) in self.context.ids:
            self._of_model(draft, str(option.value), option.gloss, said)

    def _of_model(self, draft: Draft, name: str, gloss: str, said: Said) -> None:
        """Read what stands beside a model's id: what it needs, and what it has not."""
        if len(self.context.ids) < 2 or too_long(draft, gloss, said):
            return
        about = Qualifier("model", (name,))
        if counted := counts_of_kinds(in_digits(plainer(gloss)), self.context):
            self._take(draft, about.facts(counted[0]), said)
            if any(len(limits.get("enum", ())) > 1 for limits in counted[0].values()):
                note = Remark(draft.location, draft.name, f"{name}: {gloss}", "how many of each")
                said.unread.append(note)
            gloss = counted[1]
        left = []
        for sentence in split(plainer(gloss)):
            found, rest = of_several(draft, sentence, self.context)
            read = self._take(draft, for_whom(found, about, self.context), said)
            left += parts_of(rest if read else sentence)
        for part in listed_together(draft, left, self.context):
            if any(part.lower().endswith(head) for head in self.marked):
                continue  # its column is read as a whole
            alone = judged(draft, in_digits(part), self.context, self._plain_facts, about)
            alone = alone or self._lacks(name, part)
            if not self._take(draft, alone, said) and _BINDS.search(part):
                note = Remark(
                    draft.location, draft.name, f"{name}: {part}", f"holds only for {name}"
                )
                said.unread.append(note)

    def _lacks(self, name: str, part: str) -> list[tuple[str, str, Any]]:
        """`nova-1 没有诗歌`: it has none of the fields that begin with what that is."""
        found = _LACKS.fullmatch(part.strip(" .。"))
        needs = {
            other.name: {"enum": [False]} if other.type == "boolean" else {"maxItems": 0}
            for other in self.context.drafts.values()
            if found and "." not in other.name and not other.value_of("required")
            if own_noun(other) == found["what"]
        }
        return [("model", "mode", {"name": name, "needs": needs})] if needs else []

    def _of_models(self, draft: Draft, sentence: str, said: Said) -> bool:
        """Read what a sentence of the model field says of those that it names first."""
        led = _OF_MODELS.match(sentence)
        rest = sentence[led.end() :] if led else sentence
        named = self._labelled(sentence)
        if named:
            rest = sentence.partition(":")[2].strip()
        while first := re.match(r"[\w.-]+", rest, re.ASCII):
            if first[0] not in self.context.ids:
                break
            named.append(first[0])
            rest = rest[first.end() :]
            joint = re.match(r" ?(?:,|、|/|和|与|及|and |or |或) ?(?=[a-z])", rest)
            rest = rest[joint.end() :] if joint else rest
        if not 0 < len(named) < len(self.context.ids):
            return False
        rest = plainer(_OF_MODELS_END.sub("", rest))
        about = Qualifier("model", tuple(named))
        found: list[tuple[str, str, Any]] = []
        for part in listed_together(draft, parts_of(rest), self.context):
            facts = judged(draft, in_digits(part), self.context, self._plain_facts, about)
            if not facts and _BINDS.search(part):
                return False
            found += facts or []
        return self._take(draft, found, said)

    def _labelled(self, sentence: str) -> list[str]:
        """The models that stand before a colon, by their words: `the sung version: ...`."""
        label, colon, _ = sentence.partition(":")
        if not colon or len(label) > 40 or self.context.ids_in_full(label):
            return []
        return self.context.ids_in(label) if _ONE_MODEL.fullmatch(label.strip()) else []

    def _gloss(self, draft: Draft, option: Option, said: Said) -> None:
        """Read what stands beside an option.

        What it says of other fields makes the option a mode. Any other limit in it holds for this
        option only, so it is ignored.
        """
        if too_long(draft, option.gloss, said) or _is_a_size(option):
            return
        plain = _NEEDS_ONE_OF.sub("", named_once(plainer(option.gloss), self.context))
        if "." in draft.name:
            plain = self._of_a_kind(draft, option.value, plain, said)
        option = dataclasses.replace(option, gloss=plain)
        so = SO.search(option.gloss)
        if so and self._judged(draft, option.gloss[so.end() :], said, option.value):
            option = dataclasses.replace(option, gloss=option.gloss[: so.start()])
        about = Qualifier(draft.name, (option.value,))
        left = self._of_several(draft, option.gloss, said, about)
        option = dataclasses.replace(option, gloss=left)
        wanted, rest = needs_of(draft, option.gloss, self.context)
        if self._instead(draft, option, wanted, said):
            self._add(draft, draft.name, "mode", {"name": option.value, "needs": wanted}, said)
            return
        named = [n for n in self.context.fields_in(option.gloss, draft.name) if n != "model"]
        few = {*named} - {*wanted} or all({*limits} <= {"required"} for limits in wanted.values())
        if wanted and few and self._judged(draft, option.gloss, said, option.value):
            return
        if wanted:
            self._add(draft, draft.name, "mode", {"name": option.value, "needs": wanted}, said)
        before = len(said.facts)
        if self._qualified(draft, option.gloss, said, option.value) or wanted:
            known = [(f.field, f.keyword, f.value) for f in said.facts[before:]]
            self._left_over(draft, option, {*wanted, *named_by(known)}, said)
            return
        if self._judged(draft, option.gloss, said, option.value):
            return
        several = split(option.gloss)
        if len(several) > 1:
            for sentence in several:
                self._gloss(draft, dataclasses.replace(option, gloss=sentence), said)
            return
        if _CONSTRAINT.search(self.product.sub(" ", rest)) and not str(option.value).isdigit():
            text = f"{option.value}: {option.gloss}"
            said.ignored.append(Remark(draft.location, draft.name, text, OF_AN_OPTION))

    def _of_a_kind(self, draft: Draft, kind: Any, gloss: str, said: Said) -> str:
        """Read in what stands beside a kind of a list's items how many of it there may be."""
        left = []
        for cell in gloss.split("; "):
            found = of_items(draft, in_digits(f"{kind} {cell}"), self.context)
            left += [] if self._take(draft, found, said) else [cell]
        return "; ".join(left)

    def _left_over(self, draft: Draft, option: Option, known: set[str], said: Said) -> None:
        """Read what stands beside an option about fields of which nothing else was read."""
        about = Qualifier(draft.name, (option.value,))
        for sentence in split(option.gloss):
            told = {*known}
            for part in dict.fromkeys((sentence, *parts_of(sentence))):
                found = judged(draft, in_digits(part), self.context, self._plain_facts, about)
                fresh = [f for f in found or () if not told & (named_by([f]) - {draft.name})]
                self._take(draft, fresh, said)
                told |= named_by(fresh)
            if (
                _CONSTRAINT.search(sentence)
                and {*self.context.fields_in(sentence, draft.name)} - told
            ):
                text = f"{option.value}: {sentence}"
                note = Remark(draft.location, draft.name, text, f"holds only for {option.value}")
                said.unread.append(note)

    def _instead(
        self, draft: Draft, option: Option, wanted: dict[str, dict[str, Any]], said: Said
    ) -> bool:
        """`1 to 7 image_urls, or use subjects instead`: one of the two has to be there."""
        found = _INSTEAD.search(option.gloss)
        others = self.context.fields_in(option.gloss[found.start() :], draft.name) if found else []
        first = [name for name, limits in wanted.items() if limits.get("minItems")]
        if len(others) != 1 or len(first) != 1 or others[0] in first:
            return False
        limits = wanted[first[0]]
        least = limits.pop("minItems")
        wanted.pop(others[0], None)
        if least > 1:
            limits["minItems"] = least
        limits["required"] = False
        beside = [{"field": draft.name, "name": option.value}]
        needs = {others[0]: {"required": True}}
        mode = {"given": False, "needs": needs, "beside": beside}
        self._add(draft, first[0], "mode", mode, said)
        return True

    def _of_an_option(self, draft: Draft, sentence: str, said: Said) -> bool:
        """Whether a sentence begins with an option, as in `pro: slower, for 5 seconds`."""
        label = _VALUES_LABEL.match(sentence)
        values = [o.value for o in self.context.options_of(draft)]
        known = values or self.context.listed.get(draft.name, [])
        told = _JOINT.split(label["values"]) if label else []
        options = [v for each in told for v in known if str(v) == each]
        if len(options) != len(told) or label is None or draft.type not in ("string", "integer"):
            return False
        for value in options:
            if draft.name == "model":
                self._of_model(draft, str(value), sentence[label.end() :], said)
            else:
                self._gloss(draft, Option(value, sentence[label.end() :]), said)
        return True

    def _of_a_mode(self, draft: Draft, sentence: str, said: Said) -> bool:
        """Whether a sentence begins with a mode's name, as in `First-last-frame: provide 2 images`.

        What follows is then what that mode needs of this field.
        """
        label = _LABEL.match(sentence)
        modes = self._modes_named(draft, label[1]) if label else []
        if not modes or label is None:
            return False
        wanted, rest = self._needs_of(draft, modes[0][0], sentence[label.end() :])
        if wanted:
            for mode, name in modes:
                value = {"name": name, "needs": wanted}
                self._add(draft, mode.name, "mode", value, said)
        elif self._qualified(draft, sentence, said) or self._judged(draft, sentence, said):
            return True
        elif _CONSTRAINT.search(rest):
            note = Remark(draft.location, draft.name, sentence, UNDER_CONDITION)
            said.ignored.append(note)
        return True

    def _modes_named(self, draft: Draft, label: str) -> list[tuple[Draft, Any]]:
        """The mode that a label names, or several of one field."""
        for start, end, name, values in self.context.groups_in(label):
            if (start, end) == (0, len(label)) and name != draft.name:
                return [(self.context.drafts[name], value) for value in values]
        each = [self.context.mode_of(part, draft.name) for part in _JOINT.split(label)]
        named = [mode for mode in each if mode is not None]
        if len(named) == len(each) > 1 and len({mode.name for mode, _ in named}) == 1:
            return named
        whole = self.context.mode_of(label, draft.name)
        return [whole] if whole else []

    def _needs_of(
        self, draft: Draft, mode: Draft, text: str
    ) -> tuple[dict[str, dict[str, Any]], str]:
        wanted, rest = needs_of(
            mode, text if draft.type != "array" else f"{text} {draft.name}", self.context
        )
        if not wanted and re.search(r"\brequired|必填|必传|必须提供", text):
            return {draft.name: {"required": True}}, rest
        limits = wanted.get(draft.name, {})
        if limits.get("required") and _OPTIONAL.search(text):
            limits["required"] = False
        return wanted, rest


def _is_a_size(option: Option) -> bool:
    """Whether an option is a size in pixels, beside which stands what size that is."""
    return bool(_SIZE.fullmatch(str(option.value)) and _SHAPES.fullmatch(option.gloss))


_SIZE = re.compile(r"\d{2,5} ?[x*×] ?\d{2,5}")
_SHAPES = re.compile(r"(?:\d+:\d+|\d+[pk])(?:[, /]+(?:\d+:\d+|\d+[pk]))*", re.IGNORECASE)


def too_long(draft: Draft, sentence: str, said: Said) -> bool:
    """Whether a sentence is too long for the rules; if it is, it is added to the questions."""
    if len(sentence) > MOST_SENTENCE:
        note = Remark(draft.location, draft.name, sentence[:200] + "...", "too long")
        said.unread.append(note)
    return len(sentence) > MOST_SENTENCE


def needs_of(draft: Draft, text: str, context: Context) -> tuple[dict[str, dict[str, Any]], str]:
    """What an option needs of each other field, as keywords, and the words that nothing read."""
    if _PERMITS.search(text):
        return {}, ""
    if context.fields_in(text, draft.name) or media_in(text):
        text = in_digits(_SINGLE.sub("1", text))
    clause = Clause(draft, context, text, gloss=True)
    found, _, rest = apply(clause, lambda rule: rule.meaning in OF_A_GLOSS)
    facts = [fact for sense in found for fact in sense.facts]
    for other in context.drafts.values():
        counted = _COUNTED_BESIDE.search(text, text.find(other.name) + len(other.name))
        if other.type != "array" or other.name not in text or not counted:
            continue
        if not text[text.find(other.name) + len(other.name) : counted.start()].strip():
            facts = [f for f in facts if f[0] != other.name or f[1] == "required"]
            low, high = counted["low"], counted["high"] or counted["low"]
            facts += [
                (other.name, "minItems", int(low)),
                (other.name, "maxItems", int(high)),
            ]
    binds = not (_REFUSES.search(text) or _CONDITION.search(text))
    for name, wanted_value in with_values(text, draft.name, context) if binds else ():
        facts.append((name, "enum", [wanted_value]))
        if context.drafts[name].value_of("default") != wanted_value:
            facts.append((name, "required", True))
    bare = re.search(r"(?<![A-Za-z0-9_.:])(\d+)( ?[A-Za-z]+(?: [a-z]+)?|[一-鿿]{1,8})", rest)
    counted_already = any(keyword in ("minItems", "maxItems") for _, keyword, _ in facts)
    each = sorted({int(n[1] or n[2]) for n in _EACH_COUNT.finditer(rest)})
    listed = context.of_medium("image", "array")
    if len(each) > 1 and each == list(range(each[0], each[-1] + 1)) and len(listed) == 1:
        facts += [(listed[0], "minItems", each[0]), (listed[0], "maxItems", each[-1])]
        counted_already = True
    if bare and not counted_already and measure(bare[2])[0] == "items" and _OF_MEDIA.match(bare[2]):
        clause.text = f"exactly {bare[0]} {text}"
        again, _, _ = apply(clause, lambda rule: rule.meaning == "exactly")
        facts += [fact for sense in again for fact in sense.facts]
    wanted: dict[str, dict[str, Any]] = {}
    for name, keyword, value in facts:
        if name != draft.name and keyword in ("minItems", "maxItems", "required", "enum"):
            wanted.setdefault(name, {})[keyword] = value
        elif name != draft.name and keyword == "optional":
            wanted.setdefault(name, {}).setdefault("required", False)
    inputs = [name for name, limits in wanted.items() if limits.get("maxItems") != 0]
    for limits in wanted.values():
        if limits.get("maxItems") == 0:
            limits.pop("minItems", None)
        elif "maxItems" in limits and not limits.get("minItems"):
            none_will_do = limits.pop("minItems", None) == 0 or _OPTIONAL.search(text)
            alone = len(inputs) == 1 and not none_will_do  # of several, others may do
            limits.setdefault("required", alone)
        if "minItems" in limits and limits.get("required"):
            limits.pop("required", None)
    return wanted, rest


_KIND_COUNT = (
    r"(?P<most>最多|至多|up to |at most |no more than )?(?P<least>至少|at least )?"
    r"(?<![A-Za-z0-9_.])(?P<n>\d{{1,2}})"
    r"(?: ?(?:-|–|~|至|到|to) ?(?P<m>\d{{1,2}}))? ?(?:个|张|段)?(?P<kind>{kinds})(?![A-Za-z0-9_-])"
)


def counts_of_kinds(text: str, context: Context) -> tuple[dict[str, dict[str, Any]], str] | None:
    """`1 video and up to 5 stills`, where these are kinds of the items of one list.

    Returns how many items that list has in all, and the text without these counts.
    """
    for name, member in context.drafts.items():
        head = name.rpartition(".")[0]
        known = [str(option.value) for option in context.options_of(member)] if head else []
        if not known or "." in head or context.drafts[head].type != "array":
            continue
        kinds = "|".join(sorted(map(re.escape, known), key=len, reverse=True))
        found = list(re.finditer(_KIND_COUNT.format(kinds=kinds), text, re.IGNORECASE))
        if not found or any(each["least"] for each in found):
            continue
        if len({each["kind"] for each in found}) < len(found) or _OR.search(text):
            continue
        low = sum(0 if each["most"] else int(each["n"]) for each in found)
        high = sum(int(each["m"] or each["n"]) for each in found)
        limits: dict[str, Any] = {"minItems": low} if low else {}
        limits |= {"maxItems": high} | ({"required": True} if low else {})
        parts = [p for p in parts_of(text) if not any(each[0] in p for each in found)]
        listed = [value for value in known if any(each["kind"] == value for each in found)]
        of_kinds = {name: {"enum": listed}} if len(listed) < len(known) else {}
        return {head: limits} | of_kinds, "; ".join(parts)
    return None


def listed_together(draft: Draft, parts: list[str], context: Context) -> list[str]:
    """Parts that each are a value of one other field, as the one list that they are."""
    joined: list[str] = []
    last = None
    for part in parts:
        other = field_of_values(part, draft, context)
        if other is not None and other is last:
            joined[-1] = f"{joined[-1]}, {part}"
        else:
            joined.append(part)
        last = other
    return joined


_RELATIONS = {"mode", "excludes", "together", "oneNeeded", "total", "onlyFor"}


def all_relate(said: Said) -> bool:
    """Whether all that is said is of several fields, or of some requests."""
    return all(fact.keyword in _RELATIONS for fact in said.facts)

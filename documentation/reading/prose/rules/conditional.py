"""The forms of sentences that hold for some requests only, a form a line in `conditional.txt`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from documentation.reading.prose.rules import ignoring_case, lines_of

_OK = (
    r"(?:available|supported|allowed|possible|offered|accepted|permitted|valid|usable|applicable"
    r"|provided|exists?|for use)"
)
PLACEHOLDERS = {
    "{can}": (
        r"(?:(?:can|may|must|has to|have to|should)(?: only)? (?:be|use|have|make|run|last|take)"
        r"|always (?:runs?|lasts?|takes?|use|makes?|gives?|produces?|generates?|delivers?|renders?"
        r"|creates?|returns?|comes? (?:out )?(?:at|in))(?: for)?|(?:only )?supports?(?: only)?"
        r"|makes?|takes?|accepts?|allows?(?: for)?|gives?|generates?|produces?|offers?"
        r"|renders?|delivers?|creates?"
        r"|(?:is|are) (?:limited|fixed|restricted|capped) (?:to|at)|(?:is|are) always"
        r"|always(?: gives?| makes?| has| is)?|(?:is|are)|needs?|requires?"
        r"|(?:can|may) (?:be|use|go up to|reach)|goes|runs|has|have|lasts?|works? with)(?= |$)"
    ),
    "{required}": (
        r"(?:required|mandatory|needed|must be (?:provided|set|specified"
        r"|passed|given|present|sent))"
    ),
    "{ok}": _OK,
    "{not}": r"(?:not|never|un|isn't|aren't)",
    "{for}": r"(?:for|at|in|with|on|by|under|to|when|if|while|using|when using)",
    "{only}": r"(?:only|currently only|just|仅|只|只能)",
    "{zh-only}": r"(?:仅|只|仅仅|只有)",
    "{zh-no}": r"(?:暂?不支持|不可用?|不能用?|无法使用|不提供|没有|不允许|不得使用)",
    "{zh-ok}": (
        r"(?:可用|支持|可选|有效|可以?使用|生效|使用|提供|可传|开放|可添加|可开启|可?以?(?:设置|填写|传入|指定))"
    ),
    **{f"{{{name}}}": f"(?P<{name}>.+?)" for name in "qvl"},
    **{f"{{{name}*}}": f"(?P<{name}>.+)" for name in "qvl"},
}


@dataclass(frozen=True, slots=True)
class Form:
    """One line of the file.

    Attributes:
        kind: What becomes of it: a value that some requests can't have (`not`) or that only some
            can (`only`), a `limit`; where the field itself is needed (`need`, `unless`), left out
            (`bar`) or has its only place (`keep`); `beside-` what is said of an option.
        expression: It, over a whole sentence: `q` says for whom, `v` lists values, `l` is a limit.
        field: The field of the example.
        example: A sentence.
        says: What it says.
    """

    kind: str
    expression: re.Pattern[str]
    field: str
    example: str
    says: str


@cache
def forms() -> tuple[Form, ...]:
    """Every form, in the order in which they are tried."""
    return tuple(_form(*(cell.strip() for cell in cells)) for cells in lines_of("conditional"))


@cache
def forms_of(*kinds: str) -> tuple[Form, ...]:
    """The forms of some kinds."""
    return tuple(form for form in forms() if form.kind in kinds)


def _form(kind: str, pattern: str, field: str, example: str, says: str) -> Form:
    for name, meant in PLACEHOLDERS.items():
        pattern = pattern.replace(name, meant)
    return Form(kind, ignoring_case(f"^{pattern}$"), field, example, says)

"""Says in words what the cells of a table mean below their heads: a line of prose for each row.

A bare number counts what the heading says; a mark says who has what the heading names.
"""

from __future__ import annotations

import re

from documentation.reading.layouts.text import CJK

_COUNT = r"(?:\d{1,2}(?:(?: ?张(?=或))? ?(?:[-–~至到]|to|or|或) ?\d{1,2})?)"
_CELL_COUNT = re.compile(rf"(?:(?:exactly|up to|at least|最多|至少|仅|必须|可选) ?)?{_COUNT}")
_GLUED_COUNT = re.compile(
    rf"(?P<text>.*?[^\d .:–~-])(?P<count>(?:(?:exactly|up to|at least"
    rf"|at most|最多|至少|仅|恰好|至多) ?)?{_COUNT}) ?(?P<unit>张"
    rf"|个|段|images?|pictures?|videos?)?",
    re.IGNORECASE,
)
_GLUED_TIME = re.compile(
    r"(?P<time>\d+(?: ?(?:、|,|/|or|或) ?\d+)* ?(?:秒|s|seconds))(?P<rest>(?![a-z]).*)"
)
_GLUED_ONLY = re.compile(r"(?<=[a-z0-9一-鿿)])(?=仅|全部|不支持|Only |Not |All |Both )")
_COUNTED_CELL = re.compile(
    r"(?:(?:up to|at least|at most|exactly|no more than|or|and|to|max"
    r"|最多|至少|至多|恰好|仅|或|到|至|~|-|–|,|\d{1,2}) ?)+",
    re.IGNORECASE,
)
_INPUTS = re.compile(
    r"(?:required |needed )?(?:inputs?|needs|requires?|required|fields?|parameters?)"
    r"(?: needed| required)?|(?:必填|必传|所需|需要)(?:的)?(?:参数|字段|输入)?|输入(?:参数|字段)?",
    re.IGNORECASE,
)
_OF_MODELS = re.compile(
    r"(?:supported |available )?(?:models?|versions?|variants?)"
    r"|(?:支持|适用|可用)?的?(?:模型|版本)",
    re.IGNORECASE,
)
_FIELDS_CELL = re.compile(
    r"[a-z]\w*(?:(?: ?[,、+/] ?| and | or |和|或)[a-z]\w*){0,5}", re.IGNORECASE | re.ASCII
)
_REMARK = re.compile(
    r" ?\((?:both|all(?: of them)?|each|in this order|两者|都要|均需)\)$", re.IGNORECASE
)
NO = re.compile(
    r"(?:none|no|0|not (?:needed|allowed|used)|-|—|–|/|x|✗|×|无|不需要?|不支持|不传)", re.IGNORECASE
)
_MEDIA = (
    (re.compile(r"image|picture|photo|still|图", re.IGNORECASE), "images", "张图片"),
    (re.compile(r"video|视频", re.IGNORECASE), "videos", "段视频"),
    (re.compile(r"audio|音频", re.IGNORECASE), "audio files", "段音频"),
)
_LONGEST = re.compile(r"longest|max|up to|limit|最长|最大|最多|上限", re.IGNORECASE)
_MEASURED = re.compile(
    r"second|duration|length|clip|resolution|quality|ratio|时长|秒|分辨率|清晰度|比例|画质", re.I
)


def said_of_field(cell: str) -> str:
    """What a cell says of the field whose name stands above it; empty where it is no such word."""
    if LEFT_OUT.fullmatch(cell):
        return "must be left out"
    return "is required" if NEEDED.fullmatch(cell) else "is optional" * bool(_MAY.fullmatch(cell))


_MAY = re.compile(r"optional|may be (?:sent|given)|可选|选填|可不传", re.IGNORECASE)


def said_of_model(what: str, cell: str) -> str:
    """What a cell says of a model: whether it has something, or what that is."""
    chinese = re.search(f"[{CJK}]", what + cell) is not None
    if YES.fullmatch(cell) or not cell or _PRICE.fullmatch(what):
        return ""
    if NOT_HAD.fullmatch(cell):
        return f"不支持{what}" if chinese else f"does not support {uncapped(what)}"
    if re.match(r"\d", cell) and not chinese:
        return f"{uncapped(what)} is {cell}"
    return f"{what}为{cell}" if re.match(r"\d", cell) else f"{uncapped(what)} {cell}"


def uncapped(head: str) -> str:
    return head if head[1:2].isupper() else f"{head[:1].lower()}{head[1:]}"


MODEL_HEAD = re.compile(r"models?(?: ids?| names?)?|模型 ?(?:名称|ID)?", re.IGNORECASE)
MODEL_ID = re.compile(r"[a-z][a-z0-9]*(?:[.-][a-z0-9]+)+", re.ASCII)


def compares_models(head: list[str]) -> bool:
    """Whether all columns of a table but the first are models."""
    return len(head) > 2 and all(MODEL_ID.fullmatch(cell) for cell in head[1:])


YES = re.compile(r"yes|y|supported|✓|✔|✅|√|○|●|是|支持|有|可用?|可以", re.IGNORECASE)
NOT_HAD = re.compile(
    r"no|n|not supported|unsupported|✗|×|❌|x|-|—|–|否|不支持|无|不可用?|不可以|不能", re.IGNORECASE
)
# `Can it have a rhyme?`, `可否带韵脚`: what the column is about is what stands after that.
_ASKED = re.compile(
    r"(?:是否|可否|能否)(?:可以?|支持|允许|需要|能)?(?:带有?|有|使用|携带|填写?|传入?)? ?"
    r"|(?:can|may) (?:it |they )?(?:have|use|take|carry)(?: an?)? ",
    re.IGNORECASE,
)


def asked_for(head: str) -> str:
    """What the head of a column is about."""
    found = _ASKED.match(head)
    return head[found.end() :].rstrip("?？") if found else head


def without_note(cell: str) -> tuple[str, str]:
    """A value, and the words in brackets that stand after it."""
    found = re.fullmatch(r"(\S+) ?(\([^()]{1,40}\))", cell)
    return (found[1], found[2]) if found else (cell, "")


FIELD_HEAD = re.compile(r"[a-z]+(?:_[a-z]+)+", re.ASCII)
_BESIDE_A_COUNT = re.compile(r"(?<=\d) ?\([^()\d]{1,60}\)")
_FEW = re.compile(
    r"(?:(?P<needed>required|mandatory|needed)[,:;]? )?(?:(?:exactly|always|just|恰好|必须) ?)?"
    r"(?P<least>\d{1,2})(?: ?(?:[-–~至到]|to|or|或) ?(?P<most>\d{1,2}))?(?: ?[张个段])?"
    r"(?:,? (?:required|mandatory|needed))?",
    re.IGNORECASE,
)
_UP_TO = re.compile(
    r"(?P<needed>(?:required|mandatory|needed)[,:;]? )?(?:optional[,:;]? )?"
    r"(?:up to|at most|no more than|max(?:imum)?(?: of)?:?|最多|至多|不超过|0 ?(?:[-–~至到]|to)) ?"
    r"(?P<most>\d{1,2})(?: ?[张个段])?(?P<too>,? (?:required|mandatory|needed))?",
    re.IGNORECASE,
)


def _of_field(head: str, cell: str) -> str:
    """What a cell says below the name of a field: how many it takes, or whether it is needed."""
    bare = " ".join(_BESIDE_A_COUNT.sub(" ", cell).split())
    if most := _UP_TO.fullmatch(bare):
        return f"{head} ({1 if most['needed'] or most['too'] else 0}-{most['most']})"
    if few := _FEW.fullmatch(bare):
        least = few["least"]
        return f"{head} ({least}-{few['most'] or least})" if least != "0" else f"no {head}"
    if NO.fullmatch(cell):
        return f"no {head}"
    if NEEDED.fullmatch(cell):
        return f"requires {head}"
    if re.fullmatch(r"[a-z ]*(?:required|optional|omitted|left out|mandatory)", cell, re.I):
        return f"{head} {cell}" if "omitted" in cell or "left" in cell else f"{cell} {head}"
    if LEFT_OUT.fullmatch(cell):
        return f"{head} must be left out"
    return ""


_DEFAULTS = re.compile(r"defaults?(?: values?)?|默认值?", re.IGNORECASE)
LEFT_OUT = re.compile(
    rf"(?:{NOT_HAD.pattern})|(?:is |it is )?(?:not (?:allowed|accepted|supported|permitted"
    r"|possible)|forbidden|refused"
    r"|rejected|prohibited|unsupported|unavailable"
    r"|(?:must|may|can) ?not be (?:sent|set|given|used|present|provided|passed)"
    r"|must be (?:absent|empty|left out|omitted)|(?:do not|don't) (?:send|set|pass|give|use)"
    r"|leave (?:it )?out"
    r"|(?:不支持|不可传入?|不能传入?|禁止传?入?|请勿传入?)(?:[该此本](?:字段|参数|项))?)",
    re.IGNORECASE,
)


NEEDED = re.compile(
    r"(?:is |always )?(?:required|mandatory|needed)|必填|必传|必需|必须", re.IGNORECASE
)
_PLAIN_NAME = re.compile(r"[a-z]{3,12}", re.IGNORECASE | re.ASCII)
_PRICE = re.compile(
    r"(?:.* )?(?:price|cost|credits?|fee|billing|rate|points)s?(?: .*)?(?:\(.*\))?"
    r"|[^,;]{0,8}(?:价格|单价|费用|积分|计费|消耗|扣费)[^,;]{0,12}",
    re.IGNORECASE,
)
_FEATURE = re.compile(rf"[A-Za-z][A-Za-z -]{{3,40}}|[{CJK}]{{2,12}}|[a-z]+(?:_[a-z]+)+")


def yes_or_no(head: str, column: list[str]) -> bool:
    """Whether a column says of what its heading names only who has it and who has not."""
    told = all(YES.fullmatch(cell) or NOT_HAD.fullmatch(cell) for cell in column)
    return told and _FEATURE.fullmatch(head) is not None and not _INPUTS.fullmatch(head)


def said_in(head: str, cell: str, *, glued: bool, had: bool = False) -> str:
    """What a cell says, in words: a bare number counts what stands in the heading.

    `had` says that the column tells who has what its heading names, and who has it not.
    """
    chinese = re.search(f"[{CJK}]", head + cell) is not None
    if not glued and (_PRICE.fullmatch(head) or _DEFAULTS.fullmatch(head)):
        return ""
    if had and not glued and not MODEL_ID.fullmatch(head):
        lacks = f"不支持{head}" if chinese else f"does not support {uncapped(head)}"
        return "" if YES.fullmatch(cell) else lacks
    if not glued and MODEL_ID.fullmatch(head) and (YES.fullmatch(cell) or NOT_HAD.fullmatch(cell)):
        return "" if YES.fullmatch(cell) else f"not available for {head}"
    if not glued and FIELD_HEAD.fullmatch(head) and (said := _of_field(head, cell)):
        return said
    if not glued and NEEDED.fullmatch(cell) and _PLAIN_NAME.fullmatch(head):
        return f"requires {head.lower()}"
    media = [(en, zh) for nouns, en, zh in _MEDIA if nouns.search(head)]
    noun = (media[0][1] if chinese else f" {media[0][0]}") if len(media) == 1 else ""
    if glued:
        found = _GLUED_COUNT.fullmatch(cell) if noun else None
        count = found["count"].replace("张", "") if found else ""  # `1张或2张`
        cell = f"{found['text']}; {count}{noun}" if found else cell
        timed = _GLUED_TIME.fullmatch(cell) if _MEASURED.search(head) else None
        cell = f"only {timed['time']}; {timed['rest']}" if timed else cell
        return _GLUED_ONLY.sub("; ", cell)
    if noun and _CELL_COUNT.fullmatch(cell):
        return f"{cell}{noun}"
    if noun and _COUNTED_CELL.fullmatch(cell) and re.search(r"\d", cell):
        return "; ".join(f"{part.strip()}{noun}" for part in re.split(r", | and |且", cell))
    if _OF_MODELS.fullmatch(head) and not glued:
        every = re.fullmatch(
            r"(?:both|all|every|any|全部|所有|均可?|都"
            r"|[两三各]个?(?:模型|版本)?(?:均|都)(?:可用?|支持)?)"
            r"(?: .*|模型|支持)?",
            cell,
            re.IGNORECASE,
        )
        bare = re.sub("^(?:仅|only )", "", cell)
        return "" if every else (f"仅{bare}" if chinese else f"only {bare}")
    bare = _REMARK.sub("", cell)
    if _INPUTS.fullmatch(head) and _FIELDS_CELL.fullmatch(bare) and not NO.fullmatch(bare):
        return f"需要{bare}" if chinese else f"requires {bare}"
    if _BARRED.fullmatch(head) and _FIELDS_CELL.fullmatch(bare) and not NO.fullmatch(bare):
        names = [part.strip() for part in re.split(r"[、,/和与]|\band\b", bare) if part.strip()]
        return "; ".join(f"不支持{n}" if chinese else f"does not accept {n}" for n in names)
    if noun and NO.fullmatch(cell):
        return f"0{noun}"
    if _MEASURED.search(head) and re.search(r"\d", cell):
        for _ in range(2):
            cell = _BESIDE_VALUES.sub("", cell) or cell
        if _IN_SECONDS.fullmatch(head) and _NUMBERS.fullmatch(cell):
            cell += "秒" if chinese else " seconds"
        return f"up to {cell}" if _LONGEST.search(head) else f"only {cell}"
    return cell


# The head of a column that lists what may not be there.
_BARRED = re.compile(
    r"(?:does not|doesn't|do not|don't|can ?not|can't|must not) (?:accept|take|support|allow|use"
    r"|have|send|be (?:sent|given|used))|(?:fields? )?not (?:accepted|allowed|supported|available)"
    r"|(?:to )?leave out|must be left out|forbidden(?: fields?)?|excluded|(?:must be )?omitted"
    r"|(?:不支持|不接受|不能(?:传入?|使用)?|不可(?:传入?|使用|用)?|不要传入?|请勿传入?"
    r"|禁止(?:传入?|使用)?|禁用|不传)的?(?:参数|字段)?",
    re.IGNORECASE,
)
# What a cell of lengths has beside them: `only 5`, `4 to 9, default 4`, `1 - 10 的整数`.
_BESIDE_VALUES = re.compile(
    r"^(?:仅|只|only|just|fixed(?: at)?|固定为?) ?(?=[\d.]+(?:$|[pks秒 ]))"
    r"|[,;(] ?(?:默认|缺省|defaults?)(?:值|[ :](?:is|to))?[为:]? ?[\w.:]{1,12}\)?$"
    r"| ?的?(?:任意)?整数$| ?\(?(?:whole numbers|integers)\)?$",
    re.IGNORECASE,
)
_IN_SECONDS = re.compile(
    r".{0,20}(?:duration|seconds|length|时长|秒数?)(?: ?[(,/] ?(?:s|sec|secs|seconds|秒)\)?)?",
    re.IGNORECASE,
)
_NUMBERS = re.compile(r"\d{1,3}(?: ?(?:,|/|、|-|–|~|to|or|and|至|到|或|和) ?(?:or )?\d{1,3})*")

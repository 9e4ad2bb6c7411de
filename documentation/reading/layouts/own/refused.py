"""Tables of errors and of conditions, as sentences that say the rules behind them.

`sung, and there is no rhyme` in a table of errors says that what is sung needs a rhyme; so does a
row that has `sung` as a condition and `a rhyme` as what must be there.
"""

from __future__ import annotations

import re

from documentation.reading.layouts.field_tables import bare
from documentation.reading.layouts.text import CJK, normal

_N = r"[a-z][a-z0-9_]*(?:\.[a-z0-9_]+)*"
_F, _A, _B = rf"(?P<f>{_N})", rf"(?P<a>{_N})", rf"(?P<b>{_N})"
_ALL = rf"{_N}(?: ?(?:,|、|或|和|与|及|\bor\b|\band\b) ?{_N})*"
_V = r"[\"']?(?P<v>[a-zA-Z0-9][\w.:-]*|-?\d+)[\"']?"
_COUNT = rf" ?(?P<n>\d+)(?P<u> ?[{CJK}]{{0,2}}|(?: [a-z]+)?)"
_WITH = r" ?(?:与|和|、|及) ?"
_LACKS = r"(?:没有|未传入?|缺少|缺失|未提供|未设置|未填写?|不含|未带)"
_MISSING = r"(?:为空|缺失|不存在|未传入?|未提供|未设置|未填写?)"
_SENT = r"(?:带有?|携带|传入?|出现|包含|填写|提供|设置|给出)"
_HAS = rf"(?:(?:同时)?{_SENT}了?|有)"
_SIZE = r" ?的?(?:数量|个数|项数|长度)?"
_IN_IT = r"(?:sent|given|set|present|provided|in the body|included|used|there)"
_IS_SENT = rf"(?:is|are|was|were) (?:also )?{_IN_IT}"
_NOT_SENT = rf"(?:is|are|was|were) (?:missing|absent|empty|omitted|not {_IN_IT})"
_THERE = r"(?:there (?:is|are|was) )"
_AN = r"(?:an? |any |the )?"
_HOLDS = r"(?:has|is|are|contains|holds)"
_ONE_OF, _APART_EN = (
    "at least one of {a} and {b} is required",
    "{a} and {b} cannot be used together",
)
# What is wrong with a request, and the rule that says so.
_FAULTS = tuple(
    (re.compile(rf"(?:^|(?<=[\s,{CJK}])|(?=[{CJK}])){words}$"), rule)
    for words, rule in (
        (rf"既?{_LACKS} ?{_A} ?,?[也又]{_LACKS} ?{_B}", "{a}与{b}至少传一个"),
        (rf"{_A}{_WITH}{_B} ?(?:两者)?[都均]{_LACKS}", "{a}与{b}至少传一个"),
        (rf"同时{_HAS} ?{_A}{_WITH}{_B}", "{a}与{b}不能同时使用"),
        (rf"{_A}{_WITH}{_B} ?同时{_SENT}了?", "{a}与{b}不能同时使用"),
        (rf"{_LACKS} ?(?P<f>{_ALL})", "必须传{f}"),
        (rf"{_F} ?{_MISSING}", "必须传{f}"),
        (rf"{_HAS} ?(?P<f>{_ALL})", "不能传{f}"),
        (rf"{_F}{_SIZE}(?:多于|超过|大于|超出|长于|>){_COUNT}", "{f}最多{n}{u}"),
        (rf"{_F}{_SIZE}(?:少于|小于|低于|不足|<){_COUNT}", "{f}至少{n}{u}"),
        (rf"{_F} ?(?:为|是|=|等于|取|设为|用|选) ?{_V}", "{f}不能为{v}"),
        (rf"(?:用|使用|选择?)了 ?{_V}", "不能使用{v}"),
        (rf"{_THERE}?(?:neither|no) {_AN}{_A} (?:nor|and no|or) {_AN}{_B}(?: {_IS_SENT})?",
         _ONE_OF),
        (rf"{_THERE}?both {_AN}{_A} and {_AN}{_B}(?: {_IS_SENT})?", _APART_EN),
        (rf"{_THERE}{_AN}{_A} and {_AN}{_B}", _APART_EN),
        (rf"(?:{_THERE}?(?:no|missing)|without) {_AN}{_F}", "{f} is required"),
        (rf"{_F} {_NOT_SENT}", "{f} is required"),
        (rf"{_THERE}{_AN}{_F}", "{f} must not be sent"),
        (rf"{_F} {_IS_SENT}(?: too| as well)?", "{f} must not be sent"),
        (rf"{_F} ?(?:{_HOLDS} (?:more|longer|higher|greater) than|exceeds|>){_COUNT}",
         "{f} is at most {n}{u}"),
        (rf"{_F} ?(?:{_HOLDS} (?:fewer|less|shorter|lower|smaller) than|<){_COUNT}",
         "{f} is at least {n}{u}"),
        (rf"(?:多于|超过|大于|超出|长于){_COUNT}", "最多{n}{u}"),
        (rf"{_F} is false or (?:missing|not given)", "{f} must be true"),
        (rf"{_F} (?:is|=|equals|is set to) {_V}", "{f} must not be {v}"),
    )
)  # fmt: skip
_JOINT = re.compile(r"[\s,]*(?:且|并且?|而|但是?|\band\b|\bbut\b|\bwhile\b)?[\s,]*$")
_REVERSED = re.compile(r"^(?P<fault>.+?),? (?:although|even though|even if) (?P<cond>.+)$")
_CAUSE = re.compile(
    r"(?:触发|出错|错误|报错|拒绝)?(?:条件|原因|情况|场景)"
    r"|(?:error )?(?:conditions?|causes?|reasons?)|what (?:went|is) wrong"
    r"|(?:returned |raised |sent |refused )?when|triggered (?:by|when)",
    re.IGNORECASE,
)
_TOLD = re.compile(
    r"(?:错误|返回|提示)?(?:信息|提示|消息|代码|码)|处理(?:方法|方式|建议)?|解决(?:方法|方案)?"
    r"|(?:error[. ])?(?:messages?|codes?|errors?|status)|what to do|fix|solution|answer",
    re.IGNORECASE,
)
_IF = re.compile(
    r"(?:当|若|如果|条件|前提)[….]{0,6}(?:时)?|(?:if|when)(?: .{0,40})?|conditions?", re.IGNORECASE
)
_THEN = re.compile(
    r"(?:则|要求|必须满足|规则|限制|需要)|[….]{0,3} ?(?:then|rules?|requirements?|must.{0,20})",
    re.IGNORECASE,
)
_APART = re.compile(r" ?[;；] ?")
# `no rhyme` as what is asked for, and as a condition.
_ASKED = tuple(
    (re.compile(words), rule)
    for words, rule in (
        (rf"^无 ?({_ALL})$", r"不能传\1"),
        (rf"^有 ?({_N}) ?或 ?({_N})(?: ?\([^()]*\))?$", r"\1与\2至少传一个"),
        (rf"^有 ?({_N}), ?项数 ?(?:≤|<=) ?(\d+)$", r"必须传\1,最多\2个"),
        (rf"^有 ?({_ALL})", r"必须传\1"),
        (rf"^({_N})(?: ?若有)?,? ?项数 ?(?:≤|<=) ?(\d+)", r"\1最多\2个"),
        (rf"^({_N}) ?(?:≤|<=) ?(\d+)", r"\1最多\2"),
        (rf"^({_N}) ?(?:≥|>=) ?(\d+)", r"\1至少\2"),
        (rf"^({_N}) ?(?:≠|!=) ?([\w.:-]+)", r"\1不能为\2"),
        (rf"^({_N}), if (?:sent|given), ", r"\1 "),
    )
)
_BEFORE = (
    (re.compile(rf"^无 ?({_N})$"), r"未传入\1"),
    (re.compile(rf"^有 ?({_N})$"), r"传入\1"),
    (re.compile(rf"^no ({_N})$"), r"\1 is not given"),
    (re.compile(rf"^({_N})$"), r"\1 is given"),
    (re.compile(rf"^({_N}) ?(?:≠|!=) ?"), r"\1不为"),
)


def rules_of(table: list[list[str]], names: set[str]) -> list[str]:
    """The rules behind a table of errors, or of conditions; none where it is another table.

    Args:
        table: The cells of each row, the first of which is the head.
        names: The fields of requests; rows that name none of them are about other things.
    """
    head, *rows = [[_plain(cell) for cell in row] for row in table]
    causes = [at for at, cell in enumerate(head) if _CAUSE.fullmatch(cell)]
    told = [at for at, cell in enumerate(head) if _TOLD.fullmatch(cell)]
    ours = [row for row in rows if len(row) == len(head)]
    if len(causes) == 1 and told and len(head) > 1:
        cells = [row[causes[0]] for row in ours]
        found = [part for cell in cells for part in _APART.split(cell) if _names(part, names)]
        return [rule_behind(part) or part for part in found]
    if len(head) == 2 and _IF.fullmatch(head[0]) and _THEN.fullmatch(head[1]):
        found = []
        for condition, asked in ours:
            for part in _APART.split(asked) if _names(condition + asked, names) else ():
                found.append(_under(_changed(condition, _BEFORE), _changed(part, _ASKED)))
        return found
    return []


def rule_behind(refused: str) -> str:
    """The rule that requests break which are refused; empty where none is seen."""
    text = normal(refused).strip(" .。")
    text = text[:1].lower() + text[1:]
    if turned := _REVERSED.match(text):
        text = f"{turned['cond']}, and {turned['fault']}"
    for fault, rule in _FAULTS:
        if found := fault.search(text):
            said = rule.format(**{key: value or "" for key, value in found.groupdict().items()})
            return _under(_JOINT.sub("", text[: found.start()]), said)
    return ""


def _under(condition: str, rule: str) -> str:
    """A rule that holds under a condition, which may be empty."""
    if not condition:
        return rule
    chinese = re.search(f"[{CJK}]", condition + rule)
    return f"{condition}时,{rule}" if chinese else f"When {condition}, {rule}"


def _plain(cell: str) -> str:
    return normal(bare(cell)).strip()


def _changed(text: str, changes: tuple[tuple[re.Pattern[str], str], ...]) -> str:
    """A text in other words, by the first of the expressions that fits."""
    for words, other in changes:
        if words.search(text):
            return words.sub(other, text)
    return text


def _names(text: str, names: set[str]) -> bool:
    return any(re.search(rf"(?<![\w.]){re.escape(n)}(?![\w])", text, re.ASCII) for n in names)

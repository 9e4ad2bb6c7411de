"""Mistakes in the patterns of addresses: each part of them, left out or loosened.

The parts are looked up in the pattern, so a part that is no longer there stops the run: the list
never falls silently behind the spec.
"""

from __future__ import annotations

from collections.abc import Iterator

_BYTE = "[.][0-9]{1,3}"
_USER = "(?:(?:[!\\x24&-.0-;=A-Z_a-z~]|%[0-9A-Fa-f][0-9A-Fa-f])*@|)"
_NAME = "(?:[!\\x24&-.0-9;=A-Z_a-z~]|%[0-9A-Fa-f][0-9A-Fa-f])+"
_LITERAL = "|\\[[0-9A-Fa-f.]*:[0-9A-Fa-f:.]+\\]"
_PATH = "(?:[/?](?:[!\\x24&-;=?-Z_a-z~]|%[0-9A-Fa-f][0-9A-Fa-f])*|)"
_FRAGMENT = "(?:#(?:[!\\x24&-;=?-Z_a-z~]|%[0-9A-Fa-f][0-9A-Fa-f])*|)$"
# What stands in a pattern of any address, what to put there instead, and what that gets wrong.
OF_ALL = {
    "any scheme": ("[Pp][Ss]", "[A-Za-z]*"),
    "lower case only": ("[Hh][Tt][Tt]", "htt"),
    "any first letter": ("^[Hh]", "^."),
    "not at the start": ("^[Hh]", "[Hh]"),
    "user-info hides the host": (_USER, "(?:[^/?#]*@|)"),
    "no user-info": (_USER, ""),
    "an @ in the path hides the host": (_USER, "(?:[^?#@]*@|)"),
    "an @ in the query hides the host": (_USER, "(?:[^/#@]*@|)"),
    "an @ in the fragment hides the host": (_USER, "(?:[^/?@]*@|)"),
    "without a host": (_NAME, _NAME[:-1] + "*"),
    "any host": (_NAME, ".+"),
    "no empty port": ("(?::[0-9]*|)", "(?::[0-9]+|)"),
    "without a port": ("(?::[0-9]*|)", ""),
    "any port": ("(?::[0-9]*|)", "(?::[^/?#]*|)"),
    "without what follows": (_PATH + _FRAGMENT, "$"),
    "no query without a path": (_PATH, _PATH.replace("[/?]", "/", 1)),
    "no path": (_PATH, _PATH.replace("[/?]", "[?]", 1)),
    "without a fragment": (_FRAGMENT, "$"),
    "anything may follow": (_PATH + _FRAGMENT, "(?:[/?#].*|)$"),
    "no end": (_FRAGMENT, _FRAGMENT[:-1]),
    "any escape": (_PATH, _PATH.replace("%[0-9A-Fa-f][0-9A-Fa-f]", "%")),
}
# The same of an address that the service fetches.
OF_WEB = OF_ALL | {
    "https only": ("[Ss]?:", "[Ss]:"),
    "http only": ("[Ss]?:", ":"),
    "no IPv6 literal": (_LITERAL, ""),
    "any literal": (_LITERAL, "|\\[.*"),
}
# The same of callback_url.
PARTS = OF_ALL | {
    "http is fine": ("[Pp][Ss]://", "[Pp][Ss]?://"),
    "no empty user-info": (_USER, _USER.replace("*@", "+@")),
    "127 allowed": ("(?:127|10)", "(?:10)"),
    "10 allowed": ("(?:127|10)", "(?:127)"),
    "only 127.0.0.1": (
        "(?:127|10)[.][0-9]{1,3}[.][0-9]{1,3}[.][0-9]{1,3}",
        "(?:127[.]0[.]0[.]1|10[.][0-9]{1,3}[.][0-9]{1,3}[.][0-9]{1,3})",
    ),
    "172 allowed": ("|172[.](?:1[6-9]|2[0-9]|3[01])[.][0-9]{1,3}[.][0-9]{1,3}", ""),
    "172.16 to 19 allowed": ("1[6-9]|2[0-9]", "2[0-9]"),
    "172.20 to 29 allowed": ("|2[0-9]|3[01]", "|3[01]"),
    "172.30 and 31 allowed": ("|2[0-9]|3[01]", "|2[0-9]"),
    "172.17 and 18 allowed": ("1[6-9]", "1[69]"),
    "172.21 to 28 allowed": ("2[0-9]", "2[09]"),
    "172.30 allowed": ("3[01]", "31"),
    "172.16 allowed": ("1[6-9]", "1[7-9]"),
    "172.15 refused": ("1[6-9]", "1[5-9]"),
    "172.31 allowed": ("3[01]", "30"),
    "172.32 refused": ("3[01]", "3[012]"),
    "192.168 allowed": ("(?:192[.]168|169[.]254)", "(?:169[.]254)"),
    "169.254 allowed": ("(?:192[.]168|169[.]254)", "(?:192[.]168)"),
    "10-0-0-1 refused": ("(?:127|10)" + _BYTE * 3, "(?:127|10)" + _BYTE.replace("[.]", ".") * 3),
    "10.abc.de.org refused": (
        "(?:127|10)" + _BYTE * 3,
        "(?:127|10)" + _BYTE.replace("0-9", "0-9a-z") * 3,
    ),
    "xocalhost refused": ("[Ll][Oo][Cc]", "[a-zA-Z][Oo][Cc]"),
    "localhost allowed": ("|[Ll][Oo][Cc][Aa][Ll][Hh][Oo][Ss][Tt]", ""),
    "LOCALHOST allowed": ("[Ll][Oo][Cc][Aa][Ll][Hh][Oo][Ss][Tt]", "localhost"),
    "trailing dot allowed": (")[.]?(?:[:/?#]|$))", ")(?:[:/?#]|$))"),
    "names that start like one refused": ("[.]?(?:[:/?#]|$))", ")"),
    "internal with a port allowed": ("[.]?(?:[:/?#]|$))", "[.]?(?:[/?#]|$))"),
    "internal with a path allowed": ("[.]?(?:[:/?#]|$))", "[.]?(?:[:?#]|$))"),
    "internal with a query allowed": ("[.]?(?:[:/?#]|$))", "[.]?(?:[:/#]|$))"),
    "internal with a fragment allowed": ("[.]?(?:[:/?#]|$))", "[.]?(?:[:/?]|$))"),
    "bare internal allowed": ("[.]?(?:[:/?#]|$))", "[.]?(?:[:/?#]))"),
    "IPv6 allowed": (_NAME, f"(?:{_NAME}{_LITERAL})"),
}


def loosened(pattern: str) -> Iterator[tuple[str, str]]:
    """The pattern with each of its parts wrong in turn.

    A page that forbids other hosts than callback_url does, or none, has a pattern of other parts.

    Raises:
        LookupError: A part is not in the pattern any more, or it has none of them.
    """
    web = "[Ss]?:" in pattern
    parts = OF_WEB if web else PARTS
    missing = [part for part, _ in parts.values() if part not in pattern]
    if missing and (web or "169[.]254" in pattern or len(missing) == len(parts)):
        raise LookupError(f"the pattern has no {missing[0]!r} any more: mend mutation/patterns.py")
    for label, (part, wrong) in parts.items():
        if part in pattern:
            yield label, pattern.replace(part, wrong, 1)

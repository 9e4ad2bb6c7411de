"""Where a batch of several machines is noted down."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from foxapi_video.errors import ConfigurationError
from foxapi_video.options import check_number

# By their names: the package itself, and so its extra, may be in no index.
PACKAGES = "procrastinate 'psycopg[binary,pool]'"
FORM = "postgresql://USER:PASSWORD@HOST:PORT/NAME"
_URL = re.compile(r"(postgres(?:ql)?://)([^?]*)(?:\?(.*))?", re.DOTALL)
_LONGEST_NAME = 200


@dataclass(frozen=True, kw_only=True, slots=True)
class Database:
    """A Postgres that the machines of a batch share.

    Attributes:
        url: Where it is, as postgresql://...; it is never shown with what is secret in it.
        name: What the batch is called there; the name of its folder where it is None.
        stalled_after: Seconds without a sign of life after which a machine counts as dead, and
            the others take its videos over.
    """

    url: str = field(repr=False)
    name: str | None = None
    stalled_after: float = 60.0

    def __post_init__(self) -> None:
        if not isinstance(self.url, str) or not _URL.fullmatch(self.url):
            raise ConfigurationError(f"the database is not of the form {FORM}")
        if self.name is not None and not 0 < len(self.name.strip()) <= _LONGEST_NAME:
            raise ConfigurationError(
                f"the name of a batch is of 1 to {_LONGEST_NAME} characters: {self.name!r:.300}"
            )
        check_number(self, "stalled_after", "from 1", lambda n: n >= 1)

    def __repr__(self) -> str:
        return f"Database({self.shown!r}, name={self.name!r}, stalled_after={self.stalled_after!r})"

    @property
    def shown(self) -> str:
        """The address without user, password and parameters."""
        return without_secrets(self.url)


def options_of(database: Database | None) -> list[str]:
    """The options of the command line that name it, without what is secret."""
    if database is None:
        return []
    name = [] if database.name is None else ["--name", database.name]
    return ["--database", database.shown, *name]


def without_secrets(text: str) -> str:
    """A text that may end with the address of a database, without what is secret in that."""
    found = _URL.search(text)
    if found is None:
        return text
    scheme, rest, parameters = found.groups()
    scheme = text[: found.start()] + scheme
    if "@" in (parameters or ""):  # of a password with a question mark, perhaps
        return f"{scheme}***"
    who, at, where = rest.rpartition("@")
    return f"{scheme}{'***' if who else ''}{at}{where}"

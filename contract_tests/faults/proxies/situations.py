"""The situations: who stands before the API, and what a create call then ends in."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

NGINX = "nginx"
HAPROXY = "haproxy"
TUNNEL = "CONNECT proxy"
RELOADED = "reloaded"
KILLED = "killed"


@dataclass(frozen=True)
class Situation:
    """One way in which a proxy treats a create call.

    Attributes:
        name: What it is called in the table.
        proxy: Which proxy: nginx, haproxy or the CONNECT proxy.
        does: What the API does with the first requests of a call; "refuses ..." where that is all
            that certainly accepts nothing.
        config: Lines for nginx's location or haproxy's backend, or what the CONNECT proxy does.
        ends: What the call may end in: the error and its status, or "Task".
        again: Whether the call is sent again: met by a fault now and then, it ends in a task.
        names: Whether the error names the task, since the answer did.
        queried: Whether queries meet it, and the create call goes well.
        patience: Seconds the client gives an attempt.
        client: "", "new" for one without open connections, or "slow" for one on a slow line.
        server: Who nginx and haproxy take for the API: "api", "racing" with connections of its own,
            "dead" where nobody listens, "killed" which is killed now and then, and in nginx
            "doubled", which is there twice.
        disturbed: "" or what happens to the proxy now and then: it is "reloaded", or its workers
            "killed".
        trusts: Whether the client knows that the proxy's 429 and 503 come before the API.
        idle: About how many seconds the connection of a first query is idle before the create call.
    """

    name: str
    proxy: str
    does: str
    config: str
    ends: tuple[str, ...]
    again: bool = False
    names: bool = False
    queried: bool = False
    patience: float = 15.0
    client: str = ""
    server: str = "api"
    disturbed: str = ""
    trusts: bool = False
    idle: float = 0.0

    def __str__(self) -> str:
        return f"{self.proxy}: {self.name}"

    @property
    def is_race(self) -> bool:
        """Whether what happens depends on who comes first."""
        return bool(self.idle or self.disturbed) or self.server == "killed"

    @property
    def is_new(self) -> bool:
        """Whether its client has no open connection but what this run makes."""
        return self.client == "new" or self.idle > 0

    @property
    def slug(self) -> str:
        """Its name as it stands in a path, a host and the names of nginx and haproxy."""
        return re.sub(r"[^a-z0-9]+", "-", str(self).lower()).strip("-")


# What breaks behind a proxy once the API has accepted, and the status that nginx makes of it.
_BREAKS = ("closes", "resets", "hangs", "bad head", "half a head")
_IMPATIENT = {"nginx": "proxy_read_timeout 150ms;", "haproxy": "timeout server 150ms"}
LIMITED = '{"error": {"message": "slow down", "type": "rate_limit_error"}}'
PAGE = "<h1>The proxy is sorry</h1>"


def _unknown(*statuses: int) -> tuple[str, ...]:
    return tuple(f"OutcomeUnknown {status}" for status in statuses)


def _nginx() -> Iterable[Situation]:
    for does in _BREAKS:
        slow = _IMPATIENT[NGINX] if does == "hangs" else ""
        own = 504 if does == "hangs" else 502
        yield Situation(f"{does}, {own}", NGINX, does, slow, _unknown(own))
        page = f"{slow} error_page 502 504 =503 /pages/busy.html;"
        yield Situation(f"{does}, 503 with Retry-After", NGINX, does, page, _unknown(503))
    pages = {
        "429 with Retry-After": ("error_page 502 =429 /pages/busy.html;", 429),
        "503 without Retry-After": ("error_page 502 =503 /pages/sorry.html;", 503),
        "to an address": ("error_page 502 http://127.0.0.1:9/sorry;", 302),
        "to a missing file": ("error_page 502 = /pages/missing.html;", 404),
        "to a static file": ("error_page 502 = @static;", 405),
        "to a denied file": ("error_page 502 = /pages/denied/busy.html;", 403),
        "400 page": ("error_page 502 =400 /pages/sorry.html;", 400),
        "402 page": ("error_page 502 =402 /pages/sorry.html;", 402),
        "408 page": ("error_page 502 =408 /pages/sorry.html;", 408),
        "422 page": ("error_page 502 =422 /pages/sorry.html;", 422),
        "200 page": ("error_page 502 =200 /pages/sorry.html;", 200),
        "204": ("error_page 502 = @nothing;", 204),
    }
    for name, (config, status) in pages.items():
        yield Situation(name, NGINX, "closes", config, _unknown(status))
    unbuffered = "proxy_request_buffering off; proxy_buffering off;"
    page = "error_page 502 504 =503 /pages/busy.html;"
    yield Situation("unbuffered, 503", NGINX, "closes", f"{unbuffered} {page}", _unknown(503))
    yield Situation("unbuffered, half a body", NGINX, "half a body", unbuffered, _unknown(200))
    yield Situation("unbuffered, all of it", NGINX, "answers", unbuffered, ("Task",))
    twice = "proxy_next_upstream error timeout non_idempotent;"
    yield Situation(
        "the proxy sends again", NGINX, "closes", twice, ("Task", *_unknown(502)), server="doubled"
    )
    yield Situation("garbage", NGINX, "garbage", "", ("OutcomeUnknown",))
    # What is cut short on the way.
    yield Situation("half a body", NGINX, "half a body", "", _unknown(200))
    yield Situation("all JSON, too short", NGINX, "too short", "", _unknown(200), names=True)
    yield Situation("no last chunk", NGINX, "no last chunk", "", _unknown(200), names=True)
    yield Situation("no gzip", NGINX, "no gzip", "", _unknown(200), names=True)
    yield Situation("packed", NGINX, "answers packed", "", ("Task",))
    yield Situation("packed, half of it", NGINX, "half packed", "", _unknown(200))
    # What it refuses itself, before the API.
    refusals = {
        401: ("auth_basic private; auth_basic_user_file /dev/null;", "AuthenticationError 401"),
        407: (
            'add_header Proxy-Authenticate Basic always; return 407 "sorry";',
            "APIStatusError 407",
        ),
        413: ("client_max_body_size 16;", "APIStatusError 413"),
        414: ("return 414;", "APIStatusError 414"),
        431: ('return 431 "sorry";', "APIStatusError 431"),
    }
    for number, (config, end) in refusals.items():
        yield Situation(f"{number} of its own", NGINX, "answers", config, (end,))
    limit = "limit_req zone=few; limit_req_status 429;"
    yield Situation(
        "limit_req, JSON",
        NGINX,
        "answers",
        f"{limit} error_page 429 @limited;",
        ("Task", "RateLimitError 429"),
    )
    yield Situation(
        "limit_req, page",
        NGINX,
        "answers",
        "limit_req zone=pages; limit_req_status 429;",
        ("Task", *_unknown(429)),
    )
    yield Situation("API is down, 502", NGINX, "answers", "", _unknown(502), server="dead")
    yield Situation("API is down, 503", NGINX, "answers", page, _unknown(503), server="dead")
    yield Situation(
        "API is known to be down, 503",
        NGINX,
        "answers",
        page,
        ("ServiceUnavailableError 503",),
        server="dead",
        trusts=True,
    )
    # What the API itself says, through it.
    yield from _own_words(NGINX)
    # Connections that end between two requests, or in the middle of one.
    ends = ("Task", "OutcomeUnknown", *_unknown(502))
    yield Situation(
        "API closes when idle", NGINX, "answers and closes", "", ends, idle=0.002, server="racing"
    )
    for name, config, idle in (
        ("closes when idle", "keepalive_timeout 5ms;", 0.006),
        ("closes after one request", "keepalive_timeout 0;", 0.0005),
        ("closes after two requests", "keepalive_requests 2;", 0.0005),
    ):
        yield Situation(name, NGINX, "answers", config, ("Task", "OutcomeUnknown"), idle=idle)
    gone = ("OutcomeUnknown", "APITimeoutError")
    yield Situation("the client goes, 499", NGINX, "hangs", "", gone, patience=0.4)
    ends = ("Task", "OutcomeUnknown", "APIConnectionError", *_unknown(502, 503))
    yield Situation("reloaded", NGINX, "answers slowly", page, ends, disturbed=RELOADED)
    yield Situation("worker killed", NGINX, "answers slowly", page, ends, disturbed=KILLED)
    yield Situation("API killed, 502", NGINX, "answers slowly", "", ends, server="killed")
    yield Situation("API killed, 503", NGINX, "answers slowly", page, ends, server="killed")
    # While a task is waited for, a page is no answer about the task. A moved API is one, which
    # leaves the task named; nginx itself may ask again for a query that failed.
    moved = pages["to an address"][0]
    ends = ("Task", "RedirectError 302")
    yield Situation("queried, 302", NGINX, "closes", moved, ends, queried=True)
    for status, config in {
        403: pages["to a denied file"][0],
        404: pages["to a missing file"][0],
        503: page,
    }.items():
        yield Situation(f"queried, {status}", NGINX, "closes", config, ("Task",), queried=True)


def _own_words(proxy: str) -> Iterable[Situation]:
    yield Situation(
        "API refuses with 503",
        proxy,
        "refuses with 503",
        "",
        ("ServiceUnavailableError 503",),
        again=True,
    )
    yield Situation(
        "API refuses with 429", proxy, "refuses with 429", "", ("RateLimitError 429",), again=True
    )
    yield Situation(
        "API refuses with 422", proxy, "refuses with 422", "", ("UnprocessableError 422",)
    )
    yield Situation("API answers 503 alone", proxy, "503", "", _unknown(503))
    yield Situation("API answers 500", proxy, "500", "", _unknown(500))


def _limited(count: int, status: int, kind: str, body: str) -> str:
    """What refuses the first so many requests of a call in haproxy."""
    return (
        "stick-table type string len 200 size 10k expire 60s store http_req_cnt\n"
        "http-request track-sc0 path\n"
        f'http-request return status {status} content-type {kind} string "{body}" '
        f"hdr Retry-After 0 if {{ sc_http_req_cnt(0) le {count} }}"
    )


def _haproxy() -> Iterable[Situation]:
    for does in _BREAKS:
        slow = _IMPATIENT[HAPROXY] if does == "hangs" else ""
        own = 504 if does == "hangs" else 502
        # To a later request of a connection it gives no answer at all, so that clients try again.
        yield Situation(f"{does}, {own}", HAPROXY, does, slow, ("OutcomeUnknown", *_unknown(own)))
        page = f"{slow}\nerrorfile {own} busy.http"
        yield Situation(
            f"{does}, 503 with Retry-After", HAPROXY, does, page, _unknown(503), client="new"
        )
    returned = 'http-response return status {} content-type {} string "{}" hdr Retry-After 0'
    rules = {
        "429 by a rule": (returned.format(429, "text/html", PAGE), 429),
        "503 by a rule": (returned.format(503, "text/html", PAGE), 503),
        "200 by a rule": (returned.format(200, "text/html", PAGE), 200),
        "400 by a rule": (returned.format(400, "text/html", PAGE), 400),
        "404 by a rule": (returned.format(404, "text/html", PAGE), 404),
        "408 by a rule": (returned.format(408, "text/html", PAGE), 408),
        "408 by a rule, JSON": (
            returned.format(408, "application/json", LIMITED.replace('"', r"\"")),
            408,
        ),
        "410 by a rule": (returned.format(410, "text/html", PAGE), 410),
        "429 by a rule, empty": ("http-response return status 429", 429),
        "429 by a rule, list": (returned.format(429, "application/json", "[]"), 429),
        "503 by a rule, other JSON": (
            returned.format(503, "application/json", r"{\"message\": \"sorry\"}"),
            503,
        ),
        "503 by a rule, error as text": (
            returned.format(503, "application/json", r"{\"error\": \"sorry\"}"),
            503,
        ),
        "403 by a deny rule": ("http-response deny deny_status 403", 403),
        "502 by a deny rule": ("http-response deny", 502),
        "302 by a rule": ("http-response redirect location http://127.0.0.1:9/sorry", 302),
    }
    for name, (config, status) in rules.items():
        # The rule would meet every answer; the others of a call are to come through.
        when = "if { res.hdr(X-Fault) -m found }"
        yield Situation(name, HAPROXY, "answers marked", f"{config} {when}", _unknown(status))
    # It resends what it holds whole.
    again = "option http-buffer-request\nretry-on all-retryable-errors\nretries 2"
    ends = ("Task", "OutcomeUnknown", *_unknown(502))
    yield Situation("the proxy sends again", HAPROXY, "closes", again, ends)
    yield Situation("half a body", HAPROXY, "half a body", "", _unknown(200))
    yield Situation("all JSON, too short", HAPROXY, "too short", "", _unknown(200), names=True)
    yield Situation("no last chunk", HAPROXY, "no last chunk", "", _unknown(200), names=True)
    packed = (
        "http-request set-header Accept-Encoding gzip\n"
        "compression algo gzip\ncompression type application/json"
    )
    yield Situation("packed by it", HAPROXY, "answers", packed, ("Task",))
    yield Situation("packed, half a body", HAPROXY, "half a body", packed, _unknown(200))
    refusal = 'http-request return status {} content-type text/html string "' + PAGE + '"'
    for status, end in {
        401: "AuthenticationError 401",
        407: "APIStatusError 407",
        413: "APIStatusError 413",
        431: "APIStatusError 431",
        429: "OutcomeUnknown 429",
        403: "OutcomeUnknown 403",
    }.items():
        config = refusal.format(status)
        yield Situation(f"{status} of its own", HAPROXY, "answers", config, (end,))
    json_429 = LIMITED.replace('"', r"\"")
    twice = _limited(2, 429, "application/json", json_429)
    yield Situation("stick-table, JSON, twice", HAPROXY, "answers", twice, ("Task",))
    always = _limited(99, 429, "application/json", json_429)
    yield Situation(
        "stick-table, JSON, always", HAPROXY, "answers", always, ("RateLimitError 429",)
    )
    for status in (429, 503):
        known = _limited(2, status, "text/html", PAGE)
        yield Situation(
            f"{status} page known to come before", HAPROXY, "answers", known, ("Task",), trusts=True
        )
    yield Situation("API is down, 503", HAPROXY, "answers", "", _unknown(503), server="dead")
    yield Situation(
        "API is down, Retry-After",
        HAPROXY,
        "answers",
        "errorfile 503 busy.http",
        _unknown(503),
        server="dead",
    )
    waits = "option http-buffer-request\ntimeout http-request 150ms"
    yield Situation("slow line, 408", HAPROXY, "answers", waits, _unknown(408), client="slow")
    yield from _own_words(HAPROXY)
    ends = ("Task", "OutcomeUnknown", *_unknown(502, 503))
    reuse = "http-reuse always"
    yield Situation("API closes when idle", HAPROXY, "answers and closes", reuse, ends, idle=0.002)
    for name, config, idle in (
        ("closes when idle", "timeout http-keep-alive 5ms", 0.006),
        ("closes after one request", "option httpclose", 0.0005),
    ):
        yield Situation(name, HAPROXY, "answers", config, ("Task", "OutcomeUnknown"), idle=idle)
    gone = ("OutcomeUnknown", "APITimeoutError")
    yield Situation("the client goes", HAPROXY, "hangs", "", gone, patience=0.4)
    ends = ("Task", "OutcomeUnknown", "APIConnectionError", *_unknown(502, 503))
    yield Situation("reloaded", HAPROXY, "answers slowly", "", ends, disturbed=RELOADED)
    yield Situation("API killed", HAPROXY, "answers slowly", "", ends, server="killed")
    page = returned.format(404, "text/html", PAGE) + " if { res.hdr(X-Fault) -m found }"
    yield Situation("queried, 404", HAPROXY, "answers marked", page, ("Task",), queried=True)


def _tunnel() -> Iterable[Situation]:
    for does in (
        "closes",
        "resets",
        "talks nonsense",
        "half an answer",
        "answers 403",
        "answers 407",
        "answers 502",
        "answers 503",
        "closes inside",
        "resets inside",
        "nonsense inside",
    ):
        yield Situation(does, TUNNEL, "answers", does, ("APIConnectionError",), again=True)
    # An impatient client may give up a slow good answer too.
    ends = ("Task", "APIConnectionError", "APITimeoutError", "OutcomeUnknown")
    for does in ("hangs", "hangs inside"):
        yield Situation(does, TUNNEL, "answers", does, ends, patience=1.0)
    yield Situation("lets through", TUNNEL, "answers", "", ("Task",))
    yield Situation("lets half a body through", TUNNEL, "half a body", "", _unknown(200))
    for does in ("closes", "resets"):
        yield Situation(f"lets through, API {does}", TUNNEL, does, "", ("OutcomeUnknown",))
        yield Situation(
            f"lets two through, API {does}", TUNNEL, does, "", ("OutcomeUnknown",), idle=0.001
        )


SITUATIONS = (*_nginx(), *_haproxy(), *_tunnel())
BY_SLUG = {situation.slug: situation for situation in SITUATIONS}

from typing import Literal, TypeAlias

ErrorDetailType: TypeAlias = Literal[
    "authentication_error",
    "insufficient_quota",
    "invalid_request_error",
    "not_found",
    "rate_limit_error",
    "server_error",
    "service_unavailable_error",
]

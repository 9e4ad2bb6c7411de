from typing import Literal, TypeAlias

VideoTaskStatus: TypeAlias = Literal[
    "completed",
    "failed",
    "pending",
    "processing",
]

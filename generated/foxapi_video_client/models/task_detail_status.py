from typing import Literal, TypeAlias

TaskDetailStatus: TypeAlias = Literal[
    "cancelled",
    "completed",
    "failed",
    "pending",
    "processing",
]

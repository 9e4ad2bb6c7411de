from typing import Literal, TypeAlias

VideoTaskType: TypeAlias = Literal[
    "audio",
    "image",
    "text",
    "video",
]

from typing import Literal, TypeAlias

Wan27VideoContinuationRequestResolution: TypeAlias = Literal[
    "1080p",
    "720p",
]

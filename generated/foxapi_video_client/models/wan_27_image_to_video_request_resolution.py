from typing import Literal, TypeAlias

Wan27ImageToVideoRequestResolution: TypeAlias = Literal[
    "1080p",
    "720p",
]

from typing import Literal, TypeAlias

Wan27FirstLastFrameRequestResolution: TypeAlias = Literal[
    "1080p",
    "720p",
]

from typing import Literal, TypeAlias

Veo31ReferenceToVideoRequestResolution: TypeAlias = Literal[
    "1080p",
    "4k",
    "720p",
]

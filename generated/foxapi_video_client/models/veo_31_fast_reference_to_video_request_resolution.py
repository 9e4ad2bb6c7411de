from typing import Literal, TypeAlias

Veo31FastReferenceToVideoRequestResolution: TypeAlias = Literal[
    "1080p",
    "4k",
    "720p",
]

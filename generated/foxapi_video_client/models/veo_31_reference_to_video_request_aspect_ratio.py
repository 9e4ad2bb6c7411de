from typing import Literal, TypeAlias

Veo31ReferenceToVideoRequestAspectRatio: TypeAlias = Literal[
    "16:9",
    "9:16",
]

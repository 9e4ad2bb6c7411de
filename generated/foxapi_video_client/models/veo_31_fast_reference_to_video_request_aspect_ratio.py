from typing import Literal, TypeAlias

Veo31FastReferenceToVideoRequestAspectRatio: TypeAlias = Literal[
    "16:9",
    "9:16",
]

from typing import Literal, TypeAlias

Veo31ReferenceToVideoRequestReferenceType: TypeAlias = Literal[
    "ASSET",
    "STYLE",
]

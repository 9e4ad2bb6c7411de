from typing import Literal, TypeAlias

Veo31ReferenceToVideoRequestPersonGeneration: TypeAlias = Literal[
    "allow_adult",
    "dont_allow",
]

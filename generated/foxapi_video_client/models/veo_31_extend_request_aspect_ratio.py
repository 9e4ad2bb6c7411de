from typing import Literal, TypeAlias

Veo31ExtendRequestAspectRatio: TypeAlias = Literal[
    "16:9",
    "9:16",
]

from typing import Literal, TypeAlias

Veo31FastFramesRequestAspectRatio: TypeAlias = Literal[
    "16:9",
    "9:16",
]

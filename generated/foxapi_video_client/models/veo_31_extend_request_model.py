from typing import Literal, TypeAlias

Veo31ExtendRequestModel: TypeAlias = Literal[
    "veo-3.1-extend",
    "veo-3.1-extend-fast",
]

from typing import Literal, TypeAlias

Wan27FirstLastFrameRequestGenerationType: TypeAlias = Literal["first-last-frame",]

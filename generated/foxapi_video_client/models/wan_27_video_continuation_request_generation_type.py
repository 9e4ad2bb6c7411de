from typing import Literal, TypeAlias

Wan27VideoContinuationRequestGenerationType: TypeAlias = Literal["video-continuation",]

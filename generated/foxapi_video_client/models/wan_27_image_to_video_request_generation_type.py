from typing import Literal, TypeAlias

Wan27ImageToVideoRequestGenerationType: TypeAlias = Literal["image-to-video",]

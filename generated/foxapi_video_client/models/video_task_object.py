from typing import Literal, TypeAlias

VideoTaskObject: TypeAlias = Literal["video.generation.task",]

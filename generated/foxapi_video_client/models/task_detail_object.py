from typing import Literal, TypeAlias

TaskDetailObject: TypeAlias = Literal[
    "audio.generation.task",
    "image.generation.task",
    "video.generation.task",
]

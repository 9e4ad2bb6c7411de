from typing import Literal, TypeAlias

Veo31FastRequestSize: TypeAlias = Literal[
    "16:9",
    "1:1",
    "21:9",
    "2:3",
    "3:2",
    "3:4",
    "4:3",
    "4:5",
    "5:4",
    "9:16",
    "auto",
]

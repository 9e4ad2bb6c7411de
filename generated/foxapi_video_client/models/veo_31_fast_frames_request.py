from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from ..types import UNSET, Addresses, Model, Unset

if TYPE_CHECKING:
    from ..models.veo_31_fast_frames_request_aspect_ratio import Veo31FastFramesRequestAspectRatio


@dataclass(kw_only=True, repr=False, slots=True)
class Veo31FastFramesRequest(Model):
    """Video from a prompt and a first frame, or a first and a last frame.

    Documentation page: veo3.1-fast.frames.

    Attributes:
        model: The model to use.
        prompt: What the video shows. At most 1000 characters.
        aspect_ratio: The shape of the picture.
        image_urls: One image is the first frame; two are the first and the last. 1 to 2 items.
        callback_url: A public https address that the service posts the task to once it ended.
            Internal hosts are refused: 127.0.0.0/8, 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16,
            169.254.0.0/16, localhost and every IPv6 literal.
    """

    model: Literal["veo3.1-fast"] = "veo3.1-fast"
    prompt: str
    aspect_ratio: Veo31FastFramesRequestAspectRatio | Unset = UNSET
    image_urls: Addresses | Unset = UNSET
    callback_url: str | Unset = UNSET

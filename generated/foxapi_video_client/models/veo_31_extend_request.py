from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..types import UNSET, Address, Model, Unset

if TYPE_CHECKING:
    from ..models.veo_31_extend_request_aspect_ratio import Veo31ExtendRequestAspectRatio
    from ..models.veo_31_extend_request_model import Veo31ExtendRequestModel


@dataclass(kw_only=True, repr=False, slots=True)
class Veo31ExtendRequest(Model):
    """Seven more seconds after the end of a video.

    Documentation page: veo-3.1-extend.

    Attributes:
        model: The standard or the fast model.
        prompt: How the video goes on, in Chinese or English.
        video: The public address of the video to extend.
        aspect_ratio: The shape of the picture. The service takes 16:9 when it is left out.
        generate_audio: Whether to make sound too. The service takes True when it is left out.
        advanced: Further options. No member is documented.
    """

    model: Veo31ExtendRequestModel = "veo-3.1-extend-fast"
    prompt: str
    video: Address
    aspect_ratio: Veo31ExtendRequestAspectRatio | Unset = UNSET
    generate_audio: bool | Unset = UNSET
    advanced: dict[str, Any] | Unset = UNSET

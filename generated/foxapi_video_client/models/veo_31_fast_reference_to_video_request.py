from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from ..types import UNSET, Model, Unset

if TYPE_CHECKING:
    from ..models.veo_31_fast_reference_to_video_request_aspect_ratio import (
        Veo31FastReferenceToVideoRequestAspectRatio,
    )
    from ..models.veo_31_fast_reference_to_video_request_resolution import (
        Veo31FastReferenceToVideoRequestResolution,
    )


@dataclass(kw_only=True, repr=False, slots=True)
class Veo31FastReferenceToVideoRequest(Model):
    """Video with the character or style of reference images, fast model.

    Documentation page: veo-3.1-reference-to-video.

    Attributes:
        model: The model to use.
        prompt: What the video shows, in Chinese or English.
        reference_image_urls: The images whose character or style to keep. 1 to 3 items.
        aspect_ratio: The shape of the picture. The service takes 16:9 when it is left out.
        duration: Seconds of video; there is only one choice. The service takes 8 when it is
            left out.
        resolution: The size of the picture. The service takes 1080p when it is left out.
        generate_audio: Whether to make sound too. The service takes False when it is left out.
        auto_fix: Whether the service may mend the prompt.
        safety_tolerance: How much the content filter lets through, 1 being the strictest. 1 to
            6.
    """

    model: Literal["veo-3.1-fast-reference-to-video"] = "veo-3.1-fast-reference-to-video"
    prompt: str
    reference_image_urls: list[str]
    aspect_ratio: Veo31FastReferenceToVideoRequestAspectRatio | Unset = UNSET
    duration: Literal[8] | Unset = UNSET
    resolution: Veo31FastReferenceToVideoRequestResolution | Unset = UNSET
    generate_audio: bool | Unset = UNSET
    auto_fix: bool | None | Unset = UNSET
    safety_tolerance: int | None | Unset = UNSET

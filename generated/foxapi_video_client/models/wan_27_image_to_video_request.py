from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from ..types import UNSET, Address, Addresses, Model, Unset

if TYPE_CHECKING:
    from ..models.wan_27_image_to_video_request_generation_type import (
        Wan27ImageToVideoRequestGenerationType,
    )
    from ..models.wan_27_image_to_video_request_resolution import Wan27ImageToVideoRequestResolution


@dataclass(kw_only=True, repr=False, slots=True)
class Wan27ImageToVideoRequest(Model):
    """Video from one image.

    Documentation page: wan-2.7-image-to-video.

    Attributes:
        model: The model to use.
        image_urls: The image to start from. Exactly 1 item.
        generation_type: The mode. The inputs decide it when it is null or left out.
        video_url: Not an input of this mode.
        prompt: The movement, action or change of scene to show. At most 5000 characters.
        audio_url: The public address of a sound track, WAV or MP3. The model makes music when
            there is none.
        duration: Seconds of video. 2 to 15. The service takes 5 when it is left out.
        resolution: The size of the picture. The service takes 1080p when it is left out.
        negative_prompt: What to keep out of the video. At most 500 characters.
        seed: The same seed gives the same video. 0 to 2147483647.
        enable_prompt_expansion: Whether the service may expand the prompt. The model decides
            when it is not given.
        enable_safety_checker: Whether to check the content. The model decides when it is not
            given.
    """

    model: Literal["wan-2.7-image-to-video"] = "wan-2.7-image-to-video"
    image_urls: Addresses
    generation_type: None | Wan27ImageToVideoRequestGenerationType | Unset = UNSET
    video_url: None | Unset = UNSET
    prompt: None | str | Unset = UNSET
    audio_url: None | Address | Unset = UNSET
    duration: int | Unset = UNSET
    resolution: Wan27ImageToVideoRequestResolution | Unset = UNSET
    negative_prompt: None | str | Unset = UNSET
    seed: int | None | Unset = UNSET
    enable_prompt_expansion: bool | None | Unset = UNSET
    enable_safety_checker: bool | None | Unset = UNSET

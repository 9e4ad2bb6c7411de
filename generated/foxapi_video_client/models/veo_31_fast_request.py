from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from ..types import UNSET, Address, Model, Unset

if TYPE_CHECKING:
    from ..models.veo_31_fast_request_size import Veo31FastRequestSize


@dataclass(kw_only=True, repr=False, slots=True)
class Veo31FastRequest(Model):
    """Video from a prompt and perhaps one image, first form.

    Documentation page: veo3.1-fast.

    Attributes:
        model: The model to use.
        prompt: What the video shows. The page also limits it to 2000 tokens, which only the
            service can count. At most 2000 characters.
        image_url: An image to start from.
        duration: Seconds of video. No range is documented.
        size: The shape of the picture. The service takes auto when it is left out.
        model_params: Further parameters of the model. No member is documented.
        callback_url: A public https address that the service posts the task to once it ended.
            Internal hosts are refused: 127.0.0.0/8, 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16,
            169.254.0.0/16, localhost and every IPv6 literal.
    """

    model: Literal["veo3.1-fast"] = "veo3.1-fast"
    prompt: str
    image_url: Address | Unset = UNSET
    duration: int | Unset = UNSET
    size: Veo31FastRequestSize | Unset = UNSET
    model_params: dict[str, Any] | Unset = UNSET
    callback_url: str | Unset = UNSET

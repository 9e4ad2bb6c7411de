"""The keywords of create and generate, for type checkers: a TypedDict for each model id.

It joins the fields of all variants of the id. Which of them belong together, and their limits, are
checked before anything is sent.
"""

from collections.abc import Mapping
from typing import Any, Generic, Literal, NotRequired, TypedDict, TypeVar, Unpack, overload

from .types import Address, Addresses, Model

class Veo31FastKeywords(TypedDict):
    """The fields of veo3.1-fast."""

    prompt: str
    """What the video shows. The page also limits it to 2000 tokens, which only the service can count."""
    image_url: NotRequired[Address]
    """An image to start from."""
    duration: NotRequired[int]
    """Seconds of video. No range is documented."""
    size: NotRequired[
        Literal["auto", "1:1", "2:3", "3:2", "3:4", "4:3", "4:5", "5:4", "9:16", "16:9", "21:9"]
    ]
    """The shape of the picture."""
    model_params: NotRequired[dict[str, Any]]
    """Further parameters of the model. No member is documented."""
    callback_url: NotRequired[str]
    """A public https address that the service posts the task to once it ended. Internal hosts are refused: 127.0.0.0/8, 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, 169.254.0.0/16, localhost and every IPv6 literal."""
    aspect_ratio: NotRequired[Literal["16:9", "9:16"]]
    """The shape of the picture."""
    image_urls: NotRequired[Addresses]
    """One image is the first frame; two are the first and the last."""

class Veo31ReferenceToVideoKeywords(TypedDict):
    """The fields of veo-3.1-reference-to-video."""

    prompt: str
    """What the video shows, in Chinese or English."""
    reference_image_urls: Addresses
    """The images whose character or style to keep."""
    aspect_ratio: NotRequired[Literal["16:9", "9:16"]]
    """The shape of the picture."""
    duration: NotRequired[Literal[8]]
    """Seconds of video; there is only one choice."""
    resolution: NotRequired[Literal["720p", "1080p", "4k"]]
    """The size of the picture."""
    generate_audio: NotRequired[bool]
    """Whether to make sound too."""
    auto_fix: NotRequired[bool | None]
    """Whether the service may mend the prompt."""
    safety_tolerance: NotRequired[int | None]
    """How much the content filter lets through, 1 being the strictest."""
    enhance_prompt: NotRequired[bool | None]
    """Whether the service may enrich the prompt."""
    person_generation: NotRequired[Literal["dont_allow", "allow_adult"] | None]
    """Whether people may be shown."""
    reference_type: NotRequired[Literal["ASSET", "STYLE"] | None]
    """What the reference images are for."""

class Veo31FastReferenceToVideoKeywords(TypedDict):
    """The fields of veo-3.1-fast-reference-to-video."""

    prompt: str
    """What the video shows, in Chinese or English."""
    reference_image_urls: Addresses
    """The images whose character or style to keep."""
    aspect_ratio: NotRequired[Literal["16:9", "9:16"]]
    """The shape of the picture."""
    duration: NotRequired[Literal[8]]
    """Seconds of video; there is only one choice."""
    resolution: NotRequired[Literal["720p", "1080p", "4k"]]
    """The size of the picture."""
    generate_audio: NotRequired[bool]
    """Whether to make sound too."""
    auto_fix: NotRequired[bool | None]
    """Whether the service may mend the prompt."""
    safety_tolerance: NotRequired[int | None]
    """How much the content filter lets through, 1 being the strictest."""

class Veo31ExtendKeywords(TypedDict):
    """The fields of veo-3.1-extend, veo-3.1-extend-fast."""

    prompt: str
    """How the video goes on, in Chinese or English."""
    video: Address
    """The public address of the video to extend."""
    aspect_ratio: NotRequired[Literal["16:9", "9:16"]]
    """The shape of the picture."""
    generate_audio: NotRequired[bool]
    """Whether to make sound too."""
    advanced: NotRequired[dict[str, Any]]
    """Further options. No member is documented."""

class Wan27ImageToVideoKeywords(TypedDict):
    """The fields of wan-2.7-image-to-video."""

    generation_type: NotRequired[
        Literal["image-to-video", "first-last-frame", "video-continuation"] | None
    ]
    """The mode. The inputs decide it when it is null or left out."""
    image_urls: NotRequired[Addresses | None]
    """The image to start from."""
    video_url: NotRequired[Address | None]
    """The public address of the video to continue."""
    prompt: NotRequired[str | None]
    """The movement, action or change of scene to show."""
    audio_url: NotRequired[Address | None]
    """The public address of a sound track, WAV or MP3. The model makes music when there is none."""
    duration: NotRequired[int]
    """Seconds of video."""
    resolution: NotRequired[Literal["720p", "1080p"]]
    """The size of the picture."""
    negative_prompt: NotRequired[str | None]
    """What to keep out of the video."""
    seed: NotRequired[int | None]
    """The same seed gives the same video."""
    enable_prompt_expansion: NotRequired[bool | None]
    """Whether the service may expand the prompt. The model decides when it is not given."""
    enable_safety_checker: NotRequired[bool | None]
    """Whether to check the content. The model decides when it is not given."""

Given = TypeVar("Given")
Omitted = TypeVar("Omitted")
Polling = TypeVar("Polling")
OnProgress = TypeVar("OnProgress")

class TypedCalls(Generic[Given, Polling, OnProgress, Omitted]):
    """Create and generate, each with a body or with the keywords of a model.

    What they give, the pace of polling and what is told of the progress differ from client to client.
    """

    @overload
    def create(
        self,
        body: Model | Mapping[str, Any],
        *,
        extra_body: Mapping[str, Any] | None = None,
        check: bool | None = None,
        deadline: float | Omitted | None = ...,
    ) -> Given: ...
    @overload
    def create(
        self,
        *,
        model: Literal["veo3.1-fast"],
        extra_body: Mapping[str, Any] | None = None,
        check: bool | None = None,
        deadline: float | Omitted | None = ...,
        **fields: Unpack[Veo31FastKeywords],
    ) -> Given:
        """Video from a prompt and perhaps one image, first form. / Video from a prompt and a first frame, or a first and a last frame. Documentation page: veo3.1-fast, veo3.1-fast.frames."""
    @overload
    def create(
        self,
        *,
        model: Literal["veo-3.1-reference-to-video"],
        extra_body: Mapping[str, Any] | None = None,
        check: bool | None = None,
        deadline: float | Omitted | None = ...,
        **fields: Unpack[Veo31ReferenceToVideoKeywords],
    ) -> Given:
        """Video with the character or style of reference images, standard model. Documentation page: veo-3.1-reference-to-video."""
    @overload
    def create(
        self,
        *,
        model: Literal["veo-3.1-fast-reference-to-video"],
        extra_body: Mapping[str, Any] | None = None,
        check: bool | None = None,
        deadline: float | Omitted | None = ...,
        **fields: Unpack[Veo31FastReferenceToVideoKeywords],
    ) -> Given:
        """Video with the character or style of reference images, fast model. Documentation page: veo-3.1-reference-to-video."""
    @overload
    def create(
        self,
        *,
        model: Literal["veo-3.1-extend", "veo-3.1-extend-fast"],
        extra_body: Mapping[str, Any] | None = None,
        check: bool | None = None,
        deadline: float | Omitted | None = ...,
        **fields: Unpack[Veo31ExtendKeywords],
    ) -> Given:
        """Seven more seconds after the end of a video. Documentation page: veo-3.1-extend."""
    @overload
    def create(
        self,
        *,
        model: Literal["wan-2.7-image-to-video"],
        extra_body: Mapping[str, Any] | None = None,
        check: bool | None = None,
        deadline: float | Omitted | None = ...,
        **fields: Unpack[Wan27ImageToVideoKeywords],
    ) -> Given:
        """Video from one image. / Video that goes from a first to a last frame. / Video that goes on where another one ends. Documentation page: wan-2.7-image-to-video."""

    @overload
    def generate(
        self,
        body: Model | Mapping[str, Any],
        *,
        extra_body: Mapping[str, Any] | None = None,
        check: bool | None = None,
        deadline: float | Omitted | None = ...,
        timeout: float | None = ...,
        polling: Polling | None = None,
        on_progress: OnProgress | None = None,
    ) -> Given: ...
    @overload
    def generate(
        self,
        *,
        model: Literal["veo3.1-fast"],
        extra_body: Mapping[str, Any] | None = None,
        check: bool | None = None,
        deadline: float | Omitted | None = ...,
        timeout: float | None = ...,
        polling: Polling | None = None,
        on_progress: OnProgress | None = None,
        **fields: Unpack[Veo31FastKeywords],
    ) -> Given:
        """Video from a prompt and perhaps one image, first form. / Video from a prompt and a first frame, or a first and a last frame. Documentation page: veo3.1-fast, veo3.1-fast.frames."""
    @overload
    def generate(
        self,
        *,
        model: Literal["veo-3.1-reference-to-video"],
        extra_body: Mapping[str, Any] | None = None,
        check: bool | None = None,
        deadline: float | Omitted | None = ...,
        timeout: float | None = ...,
        polling: Polling | None = None,
        on_progress: OnProgress | None = None,
        **fields: Unpack[Veo31ReferenceToVideoKeywords],
    ) -> Given:
        """Video with the character or style of reference images, standard model. Documentation page: veo-3.1-reference-to-video."""
    @overload
    def generate(
        self,
        *,
        model: Literal["veo-3.1-fast-reference-to-video"],
        extra_body: Mapping[str, Any] | None = None,
        check: bool | None = None,
        deadline: float | Omitted | None = ...,
        timeout: float | None = ...,
        polling: Polling | None = None,
        on_progress: OnProgress | None = None,
        **fields: Unpack[Veo31FastReferenceToVideoKeywords],
    ) -> Given:
        """Video with the character or style of reference images, fast model. Documentation page: veo-3.1-reference-to-video."""
    @overload
    def generate(
        self,
        *,
        model: Literal["veo-3.1-extend", "veo-3.1-extend-fast"],
        extra_body: Mapping[str, Any] | None = None,
        check: bool | None = None,
        deadline: float | Omitted | None = ...,
        timeout: float | None = ...,
        polling: Polling | None = None,
        on_progress: OnProgress | None = None,
        **fields: Unpack[Veo31ExtendKeywords],
    ) -> Given:
        """Seven more seconds after the end of a video. Documentation page: veo-3.1-extend."""
    @overload
    def generate(
        self,
        *,
        model: Literal["wan-2.7-image-to-video"],
        extra_body: Mapping[str, Any] | None = None,
        check: bool | None = None,
        deadline: float | Omitted | None = ...,
        timeout: float | None = ...,
        polling: Polling | None = None,
        on_progress: OnProgress | None = None,
        **fields: Unpack[Wan27ImageToVideoKeywords],
    ) -> Given:
        """Video from one image. / Video that goes from a first to a last frame. / Video that goes on where another one ends. Documentation page: wan-2.7-image-to-video."""

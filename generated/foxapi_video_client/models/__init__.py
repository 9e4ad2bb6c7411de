"""The models. Each is imported when it is first named, so one variant does not load the others (PEP 562)."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .error_detail import ErrorDetail as ErrorDetail
    from .error_detail_type import ErrorDetailType as ErrorDetailType
    from .error_response import ErrorResponse as ErrorResponse
    from .file_base_64_upload import FileBase64Upload as FileBase64Upload
    from .file_stream_upload import FileStreamUpload as FileStreamUpload
    from .file_url_upload import FileUrlUpload as FileUrlUpload
    from .task_detail import TaskDetail as TaskDetail
    from .task_detail_object import TaskDetailObject as TaskDetailObject
    from .task_detail_status import TaskDetailStatus as TaskDetailStatus
    from .task_error import TaskError as TaskError
    from .task_info import TaskInfo as TaskInfo
    from .task_result import TaskResult as TaskResult
    from .task_usage import TaskUsage as TaskUsage
    from .uploaded_file import UploadedFile as UploadedFile
    from .veo_31_extend_request import Veo31ExtendRequest as Veo31ExtendRequest
    from .veo_31_extend_request_aspect_ratio import (
        Veo31ExtendRequestAspectRatio as Veo31ExtendRequestAspectRatio,
    )
    from .veo_31_extend_request_model import Veo31ExtendRequestModel as Veo31ExtendRequestModel
    from .veo_31_fast_frames_request import Veo31FastFramesRequest as Veo31FastFramesRequest
    from .veo_31_fast_frames_request_aspect_ratio import (
        Veo31FastFramesRequestAspectRatio as Veo31FastFramesRequestAspectRatio,
    )
    from .veo_31_fast_reference_to_video_request import (
        Veo31FastReferenceToVideoRequest as Veo31FastReferenceToVideoRequest,
    )
    from .veo_31_fast_reference_to_video_request_aspect_ratio import (
        Veo31FastReferenceToVideoRequestAspectRatio as Veo31FastReferenceToVideoRequestAspectRatio,
    )
    from .veo_31_fast_reference_to_video_request_resolution import (
        Veo31FastReferenceToVideoRequestResolution as Veo31FastReferenceToVideoRequestResolution,
    )
    from .veo_31_fast_request import Veo31FastRequest as Veo31FastRequest
    from .veo_31_fast_request_size import Veo31FastRequestSize as Veo31FastRequestSize
    from .veo_31_reference_to_video_request import (
        Veo31ReferenceToVideoRequest as Veo31ReferenceToVideoRequest,
    )
    from .veo_31_reference_to_video_request_aspect_ratio import (
        Veo31ReferenceToVideoRequestAspectRatio as Veo31ReferenceToVideoRequestAspectRatio,
    )
    from .veo_31_reference_to_video_request_person_generation import (
        Veo31ReferenceToVideoRequestPersonGeneration as Veo31ReferenceToVideoRequestPersonGeneration,
    )
    from .veo_31_reference_to_video_request_reference_type import (
        Veo31ReferenceToVideoRequestReferenceType as Veo31ReferenceToVideoRequestReferenceType,
    )
    from .veo_31_reference_to_video_request_resolution import (
        Veo31ReferenceToVideoRequestResolution as Veo31ReferenceToVideoRequestResolution,
    )
    from .video_task import VideoTask as VideoTask
    from .video_task_object import VideoTaskObject as VideoTaskObject
    from .video_task_status import VideoTaskStatus as VideoTaskStatus
    from .video_task_type import VideoTaskType as VideoTaskType
    from .wan_27_first_last_frame_request import (
        Wan27FirstLastFrameRequest as Wan27FirstLastFrameRequest,
    )
    from .wan_27_first_last_frame_request_generation_type import (
        Wan27FirstLastFrameRequestGenerationType as Wan27FirstLastFrameRequestGenerationType,
    )
    from .wan_27_first_last_frame_request_resolution import (
        Wan27FirstLastFrameRequestResolution as Wan27FirstLastFrameRequestResolution,
    )
    from .wan_27_image_to_video_request import Wan27ImageToVideoRequest as Wan27ImageToVideoRequest
    from .wan_27_image_to_video_request_generation_type import (
        Wan27ImageToVideoRequestGenerationType as Wan27ImageToVideoRequestGenerationType,
    )
    from .wan_27_image_to_video_request_resolution import (
        Wan27ImageToVideoRequestResolution as Wan27ImageToVideoRequestResolution,
    )
    from .wan_27_video_continuation_request import (
        Wan27VideoContinuationRequest as Wan27VideoContinuationRequest,
    )
    from .wan_27_video_continuation_request_generation_type import (
        Wan27VideoContinuationRequestGenerationType as Wan27VideoContinuationRequestGenerationType,
    )
    from .wan_27_video_continuation_request_resolution import (
        Wan27VideoContinuationRequestResolution as Wan27VideoContinuationRequestResolution,
    )

_MODULES = {
    "ErrorDetail": ".error_detail",
    "ErrorDetailType": ".error_detail_type",
    "ErrorResponse": ".error_response",
    "FileBase64Upload": ".file_base_64_upload",
    "FileStreamUpload": ".file_stream_upload",
    "FileUrlUpload": ".file_url_upload",
    "TaskDetail": ".task_detail",
    "TaskDetailObject": ".task_detail_object",
    "TaskDetailStatus": ".task_detail_status",
    "TaskError": ".task_error",
    "TaskInfo": ".task_info",
    "TaskResult": ".task_result",
    "TaskUsage": ".task_usage",
    "UploadedFile": ".uploaded_file",
    "Veo31ExtendRequest": ".veo_31_extend_request",
    "Veo31ExtendRequestAspectRatio": ".veo_31_extend_request_aspect_ratio",
    "Veo31ExtendRequestModel": ".veo_31_extend_request_model",
    "Veo31FastFramesRequest": ".veo_31_fast_frames_request",
    "Veo31FastFramesRequestAspectRatio": ".veo_31_fast_frames_request_aspect_ratio",
    "Veo31FastReferenceToVideoRequest": ".veo_31_fast_reference_to_video_request",
    "Veo31FastReferenceToVideoRequestAspectRatio": ".veo_31_fast_reference_to_video_request_aspect_ratio",
    "Veo31FastReferenceToVideoRequestResolution": ".veo_31_fast_reference_to_video_request_resolution",
    "Veo31FastRequest": ".veo_31_fast_request",
    "Veo31FastRequestSize": ".veo_31_fast_request_size",
    "Veo31ReferenceToVideoRequest": ".veo_31_reference_to_video_request",
    "Veo31ReferenceToVideoRequestAspectRatio": ".veo_31_reference_to_video_request_aspect_ratio",
    "Veo31ReferenceToVideoRequestPersonGeneration": ".veo_31_reference_to_video_request_person_generation",
    "Veo31ReferenceToVideoRequestReferenceType": ".veo_31_reference_to_video_request_reference_type",
    "Veo31ReferenceToVideoRequestResolution": ".veo_31_reference_to_video_request_resolution",
    "VideoTask": ".video_task",
    "VideoTaskObject": ".video_task_object",
    "VideoTaskStatus": ".video_task_status",
    "VideoTaskType": ".video_task_type",
    "Wan27FirstLastFrameRequest": ".wan_27_first_last_frame_request",
    "Wan27FirstLastFrameRequestGenerationType": ".wan_27_first_last_frame_request_generation_type",
    "Wan27FirstLastFrameRequestResolution": ".wan_27_first_last_frame_request_resolution",
    "Wan27ImageToVideoRequest": ".wan_27_image_to_video_request",
    "Wan27ImageToVideoRequestGenerationType": ".wan_27_image_to_video_request_generation_type",
    "Wan27ImageToVideoRequestResolution": ".wan_27_image_to_video_request_resolution",
    "Wan27VideoContinuationRequest": ".wan_27_video_continuation_request",
    "Wan27VideoContinuationRequestGenerationType": ".wan_27_video_continuation_request_generation_type",
    "Wan27VideoContinuationRequestResolution": ".wan_27_video_continuation_request_resolution",
}

__all__ = (
    "ErrorDetail",
    "ErrorDetailType",
    "ErrorResponse",
    "FileBase64Upload",
    "FileStreamUpload",
    "FileUrlUpload",
    "TaskDetail",
    "TaskDetailObject",
    "TaskDetailStatus",
    "TaskError",
    "TaskInfo",
    "TaskResult",
    "TaskUsage",
    "UploadedFile",
    "Veo31ExtendRequest",
    "Veo31ExtendRequestAspectRatio",
    "Veo31ExtendRequestModel",
    "Veo31FastFramesRequest",
    "Veo31FastFramesRequestAspectRatio",
    "Veo31FastReferenceToVideoRequest",
    "Veo31FastReferenceToVideoRequestAspectRatio",
    "Veo31FastReferenceToVideoRequestResolution",
    "Veo31FastRequest",
    "Veo31FastRequestSize",
    "Veo31ReferenceToVideoRequest",
    "Veo31ReferenceToVideoRequestAspectRatio",
    "Veo31ReferenceToVideoRequestPersonGeneration",
    "Veo31ReferenceToVideoRequestReferenceType",
    "Veo31ReferenceToVideoRequestResolution",
    "VideoTask",
    "VideoTaskObject",
    "VideoTaskStatus",
    "VideoTaskType",
    "Wan27FirstLastFrameRequest",
    "Wan27FirstLastFrameRequestGenerationType",
    "Wan27FirstLastFrameRequestResolution",
    "Wan27ImageToVideoRequest",
    "Wan27ImageToVideoRequestGenerationType",
    "Wan27ImageToVideoRequestResolution",
    "Wan27VideoContinuationRequest",
    "Wan27VideoContinuationRequestGenerationType",
    "Wan27VideoContinuationRequestResolution",
)


if not TYPE_CHECKING:  # or a misspelt name would be Any

    def __getattr__(name: str) -> Any:
        if name not in _MODULES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        value = getattr(import_module(_MODULES[name], __name__), name)
        globals()[name] = value
        return value


def __dir__() -> list[str]:
    return sorted(__all__)

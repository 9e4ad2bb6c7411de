from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ..types import UNSET, Model, Unset

if TYPE_CHECKING:
    from ..models.task_info import TaskInfo
    from ..models.video_task_object import VideoTaskObject
    from ..models.video_task_status import VideoTaskStatus
    from ..models.video_task_type import VideoTaskType


@dataclass(kw_only=True, repr=False, slots=True)
class VideoTask(Model):
    """The task, as the create call answers with it.

    Documentation page: veo3.1-fast, veo3.1-fast.frames, veo-3.1-reference-to-video,
    veo-3.1-extend, wan-2.7-image-to-video.

    Attributes:
        created: When the task was created, in Unix seconds.
        id: The id to query the task with.
        model: The model that makes the video.
        object_: The kind of task.
        progress: Percent done. 0 to 100.
        status: Where the task stands.
        task_info: What is known of a running task. The pages show its members in their samples
            only.
        type_: What the task makes.
        usage: Use and billing. Only page veo3.1-fast.frames lists it, without members.
        additional_properties: Members that the documentation does not list, as they came.
    """

    created: int | Unset = UNSET
    id: str | Unset = UNSET
    model: str | Unset = UNSET
    object_: VideoTaskObject | str | Unset = field(default=UNSET, metadata={"name": "object"})
    progress: int | Unset = UNSET
    status: VideoTaskStatus | str | Unset = UNSET
    task_info: TaskInfo | Unset = field(default=UNSET, metadata={"model": "TaskInfo"})
    type_: VideoTaskType | str | Unset = field(default=UNSET, metadata={"name": "type"})
    usage: dict[str, Any] | Unset = UNSET
    additional_properties: dict[str, Any] = field(default_factory=dict)

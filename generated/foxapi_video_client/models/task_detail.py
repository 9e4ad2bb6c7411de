from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ..types import UNSET, Model, Unset

if TYPE_CHECKING:
    from ..models.task_detail_object import TaskDetailObject
    from ..models.task_detail_status import TaskDetailStatus
    from ..models.task_error import TaskError
    from ..models.task_info import TaskInfo
    from ..models.task_result import TaskResult
    from ..models.task_usage import TaskUsage


@dataclass(kw_only=True, repr=False, slots=True)
class TaskDetail(Model):
    """The task, as the task query answers with it and as a callback carries it.

    Documentation page: get-task-detail.

    Attributes:
        id: The id of the task.
        object_: The kind of task.
        type_: What the task makes.
        model: The model that makes it.
        status: Where the task stands. The last three are final.
        progress: Percent done. 0 to 100.
        created: When the task was created, in Unix seconds.
        results: What the task made; null until it completed.
        error: Why the task failed; null unless it did.
        usage: What a task costs.
        task_info: What is known of a running task. The pages show its members in their samples
            only.
        additional_properties: Members that the documentation does not list, as they came.
    """

    id: str | Unset = UNSET
    object_: TaskDetailObject | str | Unset = field(default=UNSET, metadata={"name": "object"})
    type_: str | Unset = field(default=UNSET, metadata={"name": "type"})
    model: str | Unset = UNSET
    status: TaskDetailStatus | str | Unset = UNSET
    progress: int | Unset = UNSET
    created: int | Unset = UNSET
    results: list[TaskResult] | None | Unset = field(
        default=UNSET, metadata={"model": "TaskResult"}
    )
    error: None | TaskError | Unset = field(default=UNSET, metadata={"model": "TaskError"})
    usage: TaskUsage | Unset = field(default=UNSET, metadata={"model": "TaskUsage"})
    task_info: TaskInfo | Unset = field(default=UNSET, metadata={"model": "TaskInfo"})
    additional_properties: dict[str, Any] = field(default_factory=dict)

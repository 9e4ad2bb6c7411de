"""Lose no video that was paid for: write the task's id down at once, and wait for it after a crash.

python examples/resume_after_crash.py [task.id]

The first run creates a task. Run it again, after Ctrl-C, a crash or a power cut, and it waits for
the same task instead of paying for another. A task that failed is forgotten.
"""

import sys
from pathlib import Path

from foxapi_video import FoxAPI, OutcomeUnknown, TaskFailed, TaskTimeout, Veo31FastRequest

noted = Path(sys.argv[1] if len(sys.argv) > 1 else "task.id")
request = Veo31FastRequest(prompt="The fox runs on through the snow")

with FoxAPI() as fox:
    if noted.exists():
        task_id = noted.read_text(encoding="utf-8").strip()
        print("waiting again for", task_id)
    else:
        try:
            task_id = fox.videos.create(request).id
        except OutcomeUnknown as error:
            raise SystemExit(f"look into your account before you run this again: {error}") from None
        noted.write_text(task_id, encoding="utf-8")
        print("created", task_id)
    try:
        print(fox.tasks.wait(task_id).url)
    except TaskTimeout as late:
        raise SystemExit(f"run this again later: {late}") from None
    except TaskFailed as ended:
        noted.unlink()
        raise SystemExit(f"run this again for another task: {ended}") from None
    noted.unlink()

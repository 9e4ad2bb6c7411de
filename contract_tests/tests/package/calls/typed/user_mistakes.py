"""What a type checker has to find in a user's code: each line ends with the mistake it makes."""

import foxapi_video
from foxapi_video import FoxAPI, Task, check


def misspelt() -> None:
    from foxapi_video import FoxAPPI  # WRONG: no such name  # noqa: F401
    from foxapi_video_client.models import NoSuchRequest  # WRONG: no such variant  # noqa: F401


async def note(task: Task) -> None:
    print(task)


fox = FoxAPI()
fox.videos.generate("a fox")  # WRONG: no body
fox.tasks.get(5)  # WRONG: no id
fox.videos.creat({})  # WRONG: no such call
check({})[0].fields  # WRONG: no such attribute  # noqa: B018
FoxAPI(timeout="5")  # WRONG: no number
FoxAPI().with_options(timeout="5")  # WRONG: no number
foxapi_video.chek({})  # WRONG: no such name
fox.tasks.wait("id", on_progress=note)  # WRONG: nothing awaits it
fox.videos.generate({}, on_progress=note)  # WRONG: nothing awaits it
fox.videos.create(model="no-such-model", prompt="x")  # WRONG: no such model
fox.videos.create(prompt="x")  # WRONG: no model

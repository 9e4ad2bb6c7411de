"""What a type checker has to find in a user's code: each line ends with the mistake it makes."""

from foxapi_video import FoxAPI, check

fox = FoxAPI()
fox.videos.generate("a fox")  # WRONG: no body
fox.tasks.get(5)  # WRONG: no id
fox.videos.creat({})  # WRONG: no such call
check({})[0].fields  # WRONG: no such attribute  # noqa: B018
FoxAPI(timeout="5")  # WRONG: no number

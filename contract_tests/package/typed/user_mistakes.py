"""What a type checker has to find in a user's code: each line ends with the mistake it makes."""

from foxapi_video import FoxAPI, Veo31FastRequest, check

fox = FoxAPI()
Veo31FastRequest(prompt="a fox", size="17:9")  # WRONG: no such size
Veo31FastRequest(size="16:9")  # WRONG: no prompt
fox.videos.generate("a fox")  # WRONG: no body
fox.tasks.get(5)  # WRONG: no id
fox.videos.creat({})  # WRONG: no such call
check({})[0].fields  # WRONG: no such attribute  # noqa: B018
FoxAPI(timeout="5")  # WRONG: no number

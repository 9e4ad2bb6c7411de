"""Make a video, watch it come about, and save it where the first argument says.

python examples/generate_video.py [out.mp4]
"""

import sys

from foxapi_video import FoxAPI

PROMPT = "The fox runs on through the snow"

with FoxAPI() as fox:  # FOXAPI_API_KEY, FOXAPI_BASE_URL
    task = fox.videos.generate(model="veo3.1-fast", prompt=PROMPT, on_progress=print)
    print(task.url)
    for target in sys.argv[1:]:
        print("saved", fox.videos.download(task, target))

"""Create a video task with the generated client, and print it.

FOXAPI_BASE_URL and FOXAPI_API_KEY say where and as whom; `make mock` serves a free one at
http://127.0.0.1:4010 that takes any key.
"""

import os

from foxapi_video_client import Client
from foxapi_video_client.api.videos import create_video
from foxapi_video_client.models import Veo31FastRequest, VideoTask

request = Veo31FastRequest(prompt="The fox runs through the snow")

with Client(
    base_url=os.environ.get("FOXAPI_BASE_URL", "https://api.foxapi.cc"),
    token=os.environ["FOXAPI_API_KEY"],
) as client:
    answer = create_video.sync_detailed(client=client, body=request)

if isinstance(answer.parsed, VideoTask):
    print(answer.parsed)
else:
    raise SystemExit(f"status {answer.status_code}: {answer.parsed}")

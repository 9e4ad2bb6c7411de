"""Create two video tasks at once with the generated client, and print them."""

import asyncio
import os

from foxapi_video_client import Client
from foxapi_video_client.api.videos import create_video
from foxapi_video_client.models import Veo31FastRequest


async def main() -> None:
    async with Client(
        base_url=os.environ.get("FOXAPI_BASE_URL", "https://api.foxapi.cc"),
        token=os.environ["FOXAPI_API_KEY"],
    ) as client:
        requests = [Veo31FastRequest(prompt=f"The fox {does}") for does in ("sleeps", "wakes up")]
        tasks = await asyncio.gather(
            *(create_video.asyncio(client=client, body=request) for request in requests)
        )
    for task in tasks:
        print(task)


asyncio.run(main())

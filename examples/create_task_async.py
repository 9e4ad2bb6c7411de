"""Create two video tasks at once with the generated client, and print them."""

import asyncio
import os

from foxapi_video_client import Client
from foxapi_video_client.api.videos import create_video
from foxapi_video_client.models import Veo31ExtendRequest, Veo31FastRequest


async def main() -> None:
    async with Client(
        base_url=os.environ.get("FOXAPI_BASE_URL", "https://api.foxapi.cc"),
        token=os.environ["FOXAPI_API_KEY"],
    ) as client:
        tasks = await asyncio.gather(
            create_video.asyncio(
                client=client, body=Veo31FastRequest(prompt="The fox sleeps", size="16:9")
            ),
            create_video.asyncio(
                client=client,
                body=Veo31ExtendRequest(
                    prompt="The fox wakes up", video="https://example.com/fox.mp4"
                ),
            ),
        )
    for task in tasks:
        print(task)


asyncio.run(main())

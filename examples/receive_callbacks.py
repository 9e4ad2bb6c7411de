"""Receive callbacks with any ASGI server, such as: uvicorn receive_callbacks:app

Run as a script it posts itself a callback, to be seen without a server.
"""

import asyncio

import httpx

from foxapi_video import AsyncFoxAPI, Task, callbacks

fox = AsyncFoxAPI()


async def ended(task: Task) -> None:
    # The task in the server's own words: each callback is confirmed before it gets here.
    print(task.id, task.status, task.url)


app = callbacks.asgi(ended, client=fox)


async def main() -> None:
    hint = {"id": "task-unified-1757165031-uyujaw3d", "status": "completed"}
    transport = httpx.ASGITransport(app)
    async with fox, httpx.AsyncClient(transport=transport, base_url="http://receiver") as service:
        for _ in range(2):  # the service may send it again, and it counts once
            answer = await service.post("/hooks/video", json=hint)
            print("answered", answer.status_code)
        await app.finish()


if __name__ == "__main__":
    asyncio.run(main())

"""Make twenty videos at once with asyncio. One that fails stops none of the others."""

import asyncio

from foxapi_video import AsyncFoxAPI, FoxAPIError, Veo31FastRequest

ANIMALS = ["fox", "owl", "hare", "lynx", "elk"]
PLACES = ["in the snow", "at the sea", "on a roof", "under the moon"]


async def make(fox: AsyncFoxAPI, prompt: str) -> str:
    try:
        task = await fox.videos.generate(Veo31FastRequest(prompt=prompt))
    except FoxAPIError as error:
        return f"{prompt}: {error}"
    return f"{prompt}: {task.url}"


async def main() -> None:
    prompts = [f"A {animal} {place}" for animal in ANIMALS for place in PLACES]
    async with AsyncFoxAPI() as fox:
        for made in asyncio.as_completed([make(fox, prompt) for prompt in prompts]):
            print(await made)


asyncio.run(main())

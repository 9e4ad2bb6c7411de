"""Upload an image of this machine and bring it to life.

python examples/animate_image.py photo.png '{"model": "...", "image_urls": ["IMAGE"]}'

The request is JSON, with the fields that the model's page lists (foxapi-video models MODEL lists
them too); IMAGE stands in it for the address that the image gets.
"""

import json
import sys

from foxapi_video import FoxAPI

image, request = sys.argv[1:3]

with FoxAPI() as fox:
    stored = fox.files.upload(image)
    print("stored as", stored.url)
    body = json.loads(request.replace('"IMAGE"', json.dumps(stored.url)))
    task = fox.videos.generate(body, on_progress=print)
    print(task.url)

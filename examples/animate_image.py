"""Upload an image of this machine and bring it to life.

python examples/animate_image.py photo.png "The camera slowly pushes in"
"""

import sys

from foxapi_video import FoxAPI, Wan27ImageToVideoRequest

image, prompt = sys.argv[1:3]

with FoxAPI() as fox:
    stored = fox.files.upload(image)
    print("stored as", stored.url)
    request = Wan27ImageToVideoRequest(image_urls=[stored.url], prompt=prompt, resolution="720p")
    task = fox.videos.generate(request, on_progress=print)
    print(task.url)

"""python -m foxapi_video.cli"""

from foxapi_video.cli import main

main()

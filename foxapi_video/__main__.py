"""python -m foxapi_video"""

from foxapi_video.cli import main

main()

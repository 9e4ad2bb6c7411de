"""When each documentation page was read, of which the rest is made."""

READ: dict[str, str] = {
    "error-codes": "2026-11-20",
    "file-upload": "2026-11-20",
    "get-task-detail": "2026-11-20",
    "veo-3.1-extend": "2026-11-20",
    "veo-3.1-reference-to-video": "2026-11-20",
    "veo3.1-fast.frames": "2026-11-20",
    "veo3.1-fast": "2026-11-20",
    "wan-2.7-image-to-video": "2026-11-20",
}

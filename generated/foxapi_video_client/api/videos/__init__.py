"""The operations of videos: a module each, with sync, sync_detailed, asyncio and asyncio_detailed."""

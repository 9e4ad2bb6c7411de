"""The operations of files: a module each, with sync, sync_detailed, asyncio and asyncio_detailed."""

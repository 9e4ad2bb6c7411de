"""Thousands of videos from many requests, each paid for at most once, whatever crashes.

    from foxapi_video.batch import Batch

    status = Batch("videos").run([{"model": "veo3.1-fast", "prompt": "..."}, ...])

`AsyncBatch` is the same for asyncio. Below: lines (the input), ledger (what is noted down, and the
one of SQLite), pace (when a create call may leave), run (one video from ready to saved), status.
"""

from foxapi_video.batch.async_batch import AsyncBatch
from foxapi_video.batch.blocking import Batch
from foxapi_video.batch.ledger import Noted
from foxapi_video.batch.pace import Limits
from foxapi_video.batch.status import Order, Ordered, Status

__all__ = ["AsyncBatch", "Batch", "Limits", "Noted", "Order", "Ordered", "Status"]

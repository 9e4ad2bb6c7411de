"""Make a video of each product, each paid for at most once. After a crash, run it again.

python examples/make_a_batch.py [folder]
"""

import sys

from foxapi_video import Veo31FastRequest
from foxapi_video.batch import Batch, Limits, Order, Status

PRODUCTS = {"mug": "A red mug turns on a table", "lamp": "A lamp lights up in a dark room"}


def confirm(order: Order) -> bool:
    print(f"about to create {order.videos}:", ", ".join(order.models))
    return True  # or ask somebody, since each is paid for


def show(status: Status) -> None:
    print(status.in_words(), f"{status.a_minute:.0f} a minute")


batch = Batch(
    sys.argv[1] if len(sys.argv) > 1 else "videos",
    limits=Limits(concurrency=50, rate=60, max_failures=10),
    on_status=show,
)
status = batch.run(
    (
        {"custom_id": name, "body": Veo31FastRequest(prompt=prompt)}
        for name, prompt in PRODUCTS.items()
    ),
    confirm=confirm,
)
for each in status.unknown:
    print("look this up in your account, and then batch.settle it:", each)
print("all saved in" if status.is_done else "see results.jsonl in", batch.folder)

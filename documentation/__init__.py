"""The oracle: what the vendor's pages say, read off them as facts.

A fact is one statement of a page (field, keyword, value). Facts are kept under `facts/`, the
places where pages contradict themselves in `conflicts.yaml`, and `python -m documentation check`
holds `openapi.yaml` to both. Nothing here imports the client or the tests.
"""

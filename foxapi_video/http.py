"""The HTTP library. All others take it from here, so that a move to another changes one import.

httpcore, which httpx itself is made of, is named in deadline_network.py only.
"""

import httpx as httpx

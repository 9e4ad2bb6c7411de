"""Tests of the package behind proxies, in many processes, and with slow and broken servers."""

"""Tests of the package's calls, as people write them."""

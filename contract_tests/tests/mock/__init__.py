"""Tests of the mock: Prism and its starter, the front, and the tasks."""

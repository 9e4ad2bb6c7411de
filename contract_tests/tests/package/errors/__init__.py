"""Tests of what an error says, and of what it keeps to itself."""

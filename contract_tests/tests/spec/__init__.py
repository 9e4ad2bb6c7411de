"""Tests of openapi.yaml, and of what is made from it."""

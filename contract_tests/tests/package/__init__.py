"""Tests of foxapi_video, the package people install."""

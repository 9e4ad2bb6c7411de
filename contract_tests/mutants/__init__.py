"""Every single-constraint mutant of openapi.yaml: the ways in which somebody gets one thing wrong."""

"""Every single-constraint mutant of openapi.yaml: how somebody gets one thing wrong."""

"""YAML files changed by overlays: every line that a change does not touch stays as it is."""

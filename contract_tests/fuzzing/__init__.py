"""schemathesis against the mock."""

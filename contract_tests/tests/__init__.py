"""The tests, by subject, and what only tests need."""

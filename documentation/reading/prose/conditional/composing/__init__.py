"""Sentences of a condition and a rule, each read by itself."""

"""Tables in the prose of a field: where they begin, and what their cells say."""

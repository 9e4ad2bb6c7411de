"""What the match of a rule becomes: facts of a field, or the reason why there are none."""

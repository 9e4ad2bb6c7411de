"""Requests made from facts, each with the verdict that it must get, and what the referees say."""

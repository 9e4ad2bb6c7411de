"""What sentences say: a table of rules, and what becomes of a rule's match."""

"""The contract tests: probes made from the documentation, and the referees that judge them."""

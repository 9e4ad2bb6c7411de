"""The pages that are read every night."""

"""What a sentence says of some requests only, and of which."""

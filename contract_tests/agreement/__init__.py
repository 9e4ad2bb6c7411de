"""Bodies drawn at random, of which spec, mock and client must say the same."""

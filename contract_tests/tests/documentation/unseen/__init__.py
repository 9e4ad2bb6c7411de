"""Pages that the reader was not written for, and requests labelled from their words alone."""

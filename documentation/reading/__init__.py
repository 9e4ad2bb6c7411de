"""From the text of a page to its facts: the text in, its layout, and the prose in it."""

"""How pages are laid out: rendered text, markdown, text that lost its names; all into drafts."""

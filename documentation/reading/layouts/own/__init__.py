"""Pages that are laid out in a way of their own: markdown, text with tabs, text without names."""

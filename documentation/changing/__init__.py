"""A page that changed: what is different, what is proposed, and what accepting it does."""

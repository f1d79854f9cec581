"""A conversation to keep: as Markdown, as JSON, and as a page to print. Pure functions over answers."""

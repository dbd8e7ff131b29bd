"""A comparison of providers, rendered for a terminal, as Markdown, HTML and JSON."""

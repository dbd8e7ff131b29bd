"""What a verification came to: for the terminal, as JSON and as Markdown."""

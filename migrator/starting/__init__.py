"""`migrate init`: what a comparison of the providers leaves to ask, and what the answers write."""

"""Notebooks: read as one program each, and written back cell by cell."""

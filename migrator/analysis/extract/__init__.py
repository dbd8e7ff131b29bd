"""The solved program -> Sites: one file per kind of place."""

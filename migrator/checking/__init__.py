"""`migrate check` and `migrate baseline`: the uses of OpenAI that were not there before.

A hook runs it before every commit, so that what counts is how soon it has begun and ended: a file
is searched for a few words as bytes, and nothing else of this program is imported before one of
them is found. No module of this package imports libcst, rich, yaml or typer at its top.
"""

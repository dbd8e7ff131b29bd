"""The rewritings of shapes that only the change to another SDK has."""

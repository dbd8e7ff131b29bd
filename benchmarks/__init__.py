"""How fast the program is, beside tools that search or rewrite the same files."""

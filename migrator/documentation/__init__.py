"""What a repository's documentation and comments say of the variables and models that move."""

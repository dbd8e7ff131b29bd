"""What one run keeps for the next: nothing but time hangs on it, and it may go at any moment."""

"""What would become of a name: the decision table, and answers to questions about it."""

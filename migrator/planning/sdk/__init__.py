"""The provider's own SDK in the place of the openai package: what goes by it, and what that takes.

movement.py says which clients and calls do; the others stay with the openai package, on the
compatible endpoint. The rooms of the planner go on deciding what a request says; here it is put
into the SDK's words.
"""

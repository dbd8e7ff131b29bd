"""openai before 1.0: its calls become calls of clients, or keep their release and change address.

upgrade.read(...)   which calls can be upgraded, and each by which client: the sites as 1.x has them
unmoved_programs(...) programs of which nothing moves, and nothing is upgraded
calls.decide(...)   the edits of the upgraded calls
classes.decide(...) names of classes that nothing is called by any more
answers.decide(...) the edits of what is done with their answers
fakes.decide(...)   what tests put in the place of their methods
settings.decide(...) the module's settings become the construction of a client
names.decide(...)   exceptions and imports
keep.decide(...)    a repository that stays on 0.28
"""

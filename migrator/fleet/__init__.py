"""Many repositories, each as a unit of its own: nothing that goes wrong in one touches another.

entries.py     the list of them, one a line
wish.py        what is asked for, the same for each
git.py         the few things that git is asked to do, so that no repository runs a program
checkout.py    a repository's files: a copy of one commit, or a plain folder as it is
unit.py        one repository: its files -> a result (result.py), a patch, a page, a branch
serving.py     the process that units are carried out in, one after the other
isolation.py   the other side of it: what takes too long or dies is ended there
executors.py   who carries out many at once: this machine, dask, any executor
running.py     all of them; shelf.py keeps each result as it comes, for a run that goes on
summary.py     what all results come to
"""

"""A plan gone through group by group: what is asked, what is answered, and what that comes to.

Nothing here knows a terminal: `cli/reviewing.py` reads keys, `reports/review.py` shows questions.
"""

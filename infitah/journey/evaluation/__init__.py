"""One grid, answered separately by the collectivity and by civil society; and what independent reviewers judge.

Never averages any of them; the last stage of the journey.
"""

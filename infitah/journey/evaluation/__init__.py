"""One grid, answered separately by the collectivity and by civil society.

Never averages the two; the last stage of the journey.
"""

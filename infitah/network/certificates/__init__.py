"""That somebody came to a meeting: a paper that anyone can check, and no name kept.

Knows nothing of what is done with it.
"""

"""Projects drawn from ideas, with activities and targets.

Knows ideas; knows nothing of consultation or of any later stage.
"""

"""The policy areas of the Open Government Partnership, as the national team keeps them.

Knows people; knows nothing of the projects that are filed under them.
"""

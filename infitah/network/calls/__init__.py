"""Calls for members and the applications to them, up to the decision.

Knows nothing of what a member does later.
"""

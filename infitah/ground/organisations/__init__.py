"""Associations and other organisations, those who speak for them, and who has verified them.

Knows people and moderation; knows nothing of what is given in their name.
"""

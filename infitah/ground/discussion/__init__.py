"""Comments under anything.

Knows moderation; knows no kind of subject by name.
"""

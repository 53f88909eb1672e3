"""A frozen draft, the opinions on it, and the replies.

Knows projects; knows nothing of adoption or of any later stage.
"""

"""The public pages of a member.

Reads all stages; writes only its own posts and documents.
"""

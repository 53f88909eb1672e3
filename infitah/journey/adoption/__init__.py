"""The committee's validation and the council's vote.

Knows the draft voted on; knows nothing of what is carried out.
"""

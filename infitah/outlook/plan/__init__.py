"""The national plan: its activities planned and done, its indicators, its independent review.

Writes only the review.
"""

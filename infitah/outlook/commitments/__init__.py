"""The five commitments of the charter: the evidence found in the records, and what a member declares.

Never a score, never a ranking.
"""

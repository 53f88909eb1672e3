"""Who is told what, once.

Reads the ledger; changes nothing it tells of.
"""

"""What happened, in order, provable by anyone.

Holds no personal data, and of words that people typed the fingerprints only; knows no other room; keeps no foreign key.
"""

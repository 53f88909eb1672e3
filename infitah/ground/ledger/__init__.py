"""What happened, in order, provable by anyone.

Holds no personal data and no words that people typed, of which it has fingerprints only; knows no other room; keeps no foreign key.
"""

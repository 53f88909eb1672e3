"""What happened, in order, provable by anyone.

Holds no personal data; knows no other room; keeps no foreign key.
"""

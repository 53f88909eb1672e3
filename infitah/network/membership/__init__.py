"""Who belongs to the network: cohorts, the charter, adhesions.

Knows nothing of programmes.
"""

"""What happened, in plain words: one sentence for each action of the ledger, and the entries read with them.

Knows nothing of who is told.
"""

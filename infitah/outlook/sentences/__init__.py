"""What happened, in plain words: one sentence for each action of the ledger.

Knows no record; whoever shows the ledger reads it here.
"""

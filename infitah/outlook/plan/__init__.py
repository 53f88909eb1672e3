"""The national plan: its activities planned and done, its indicators, its independent review.

Begins a plan; all else that it shows is written by the stages of the journey.
"""

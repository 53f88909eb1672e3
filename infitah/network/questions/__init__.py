"""What members ask each other, by theme, and the answer that helped.

Knows nothing of programmes.
"""

"""What dated records count at each place, as things stood on a day; what is made of it is said elsewhere.

Knows no indicator, writes nothing.
"""

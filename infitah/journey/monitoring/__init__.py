"""What is being done, with evidence, judged by two sides.

Knows the adopted programme; knows nothing of its evaluation.
"""

"""Ideas from residents, their supports and the answers they got.

Knows the programme; knows nothing of projects or of any later stage.
"""

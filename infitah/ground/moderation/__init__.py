"""Reports, rulings and appeals about anything that residents publish.

Never deletes; knows no kind of publication by name.
"""

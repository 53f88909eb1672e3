"""Tools that know nothing of Infitah: errors, states, answers, languages, text, files.

No models, imports no other room.
"""

"""How the languages that Django does not know well enough write their numbers: 1 590, 7,5."""

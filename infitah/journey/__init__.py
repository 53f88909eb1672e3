"""The floor of one programme, from preparation to evaluation; each stage knows those before it."""

from django.db import models


class Entry(models.Model):
    """One thing that happened. Never changed, never removed: so it names people by pseudonym only, and of what they
    typed it has the fingerprint (`lib.text.print_of`), while the words stand in the record that can be put right."""

    id = models.BigAutoField(primary_key=True)
    action = models.CharField(max_length=64)
    at = models.DateTimeField()
    by = models.UUIDField(null=True)
    on_kind = models.CharField(max_length=64)
    on_id = models.BigIntegerField()
    place = models.CharField(max_length=16, blank=True)
    particulars = models.JSONField(default=dict)
    transaction = models.BigIntegerField()
    seal = models.BigIntegerField(null=True)
    position = models.BigIntegerField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["on_kind", "on_id", "id"], name="entry_by_subject"),
            models.Index(fields=["place", "-id"], name="entry_by_place"),
            models.Index(fields=["action", "-id"], name="entry_by_action"),
            models.Index(fields=["transaction", "id"], name="entry_unsealed", condition=models.Q(seal=None)),
            models.Index(fields=["seal", "position"], name="entry_by_seal"),
        ]


class Seal(models.Model):
    """A batch of finished entries under one Merkle root (RFC 6962), chained to the batch before."""

    number = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    size = models.PositiveIntegerField()
    root = models.CharField(max_length=64)
    chained = models.CharField(max_length=64)  # SHA-256 of what the seal says, the chained root before it included


class Head(models.Model):
    """How many entries a place has seen; page caches are keyed by it."""

    place = models.CharField(max_length=16, primary_key=True)
    count = models.BigIntegerField(default=0)

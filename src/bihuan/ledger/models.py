"""Append-only chains of facts, and the seals over their heads."""

from django.db import models

from bihuan.kernel.subjects import SubjectRef
from bihuan.ledger.policy import EntryContent, KeyContent, SealContent


class Chain(models.Model):
    """The facts about one root subject, in the order in which they were recorded."""

    root_kind = models.CharField(max_length=32)
    root_id = models.BigIntegerField()
    length = models.PositiveBigIntegerField(default=0)
    head_hash = models.CharField(max_length=64)
    sealed_length = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["root_kind", "root_id"], name="ledger_chain_root")]
        indexes = [
            models.Index(
                fields=["root_kind", "root_id"],
                name="ledger_chain_unsealed",
                condition=models.Q(length__gt=models.F("sealed_length")),
            )
        ]

    def __str__(self) -> str:
        return str(self.root)

    @property
    def root(self) -> SubjectRef:
        return SubjectRef(self.root_kind, self.root_id)


class Entry(models.Model):
    """One fact. Holds a salted digest of the body only."""

    chain = models.ForeignKey(Chain, on_delete=models.PROTECT, related_name="entries", db_index=False)
    seq = models.PositiveBigIntegerField()
    name = models.CharField(max_length=64)
    actor_kind = models.CharField(max_length=8)
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=255)
    at = models.DateTimeField()
    subject_kind = models.CharField(max_length=32)
    subject_id = models.BigIntegerField()
    scope_id = models.BigIntegerField(null=True, db_index=True)
    body_digest = models.CharField(max_length=64)
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["chain", "seq"], name="ledger_entry_place")]

    def __str__(self) -> str:
        return f"{self.name} #{self.seq}"

    def content(self, root: str) -> EntryContent:
        """What the hash covers; `root` names the chain the entry stands in."""
        columns = {name: getattr(self, name) for name in EntryContent.__slots__ if name != "root"}
        return EntryContent(root=root, **columns)


class EntryBody(models.Model):
    """What the fact says, beside the chain, so that it can be erased where the law asks."""

    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, related_name="body", primary_key=True)
    body = models.TextField()
    salt = models.CharField(max_length=32)
    scope_id = models.BigIntegerField(null=True)
    erased_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"body of {self.entry_id}"


class Seal(models.Model):
    """A signed Merkle root over the heads of the chains that grew since the seal before."""

    seq = models.PositiveBigIntegerField()
    at = models.DateTimeField()
    leaves = models.PositiveIntegerField()
    merkle_root = models.CharField(max_length=64)
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)
    public_key = models.CharField(max_length=64)
    signature = models.CharField(max_length=128)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["seq"], name="ledger_seal_seq")]

    def __str__(self) -> str:
        return f"seal {self.seq}"

    def content(self) -> SealContent:
        return SealContent(**{name: getattr(self, name) for name in SealContent.__slots__})


class SealedHead(models.Model):
    """One leaf of a seal: how long a chain was and how it ended."""

    seal = models.ForeignKey(Seal, on_delete=models.PROTECT, related_name="heads", db_index=False)
    root_kind = models.CharField(max_length=32)
    root_id = models.BigIntegerField()
    length = models.PositiveBigIntegerField()
    head_hash = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["seal", "root_kind", "root_id"], name="ledger_sealed_head_place")
        ]

    def __str__(self) -> str:
        return f"{self.root} at {self.length}"

    @property
    def root(self) -> SubjectRef:
        return SubjectRef(self.root_kind, self.root_id)


class SealKey(models.Model):
    """A key seals are signed with, from `at` until the next one begins. The public half only.

    Unless the key before was lost, both signed that this one follows it.
    """

    public_key = models.CharField(max_length=64, unique=True)
    previous = models.CharField(max_length=64, blank=True, default="")
    at = models.DateTimeField()
    signature = models.CharField(max_length=128)
    signature_of_previous = models.CharField(max_length=128, blank=True, default="")

    def __str__(self) -> str:
        return f"key {self.public_key[:16]}"

    def content(self) -> KeyContent:
        return KeyContent(**{name: getattr(self, name) for name in KeyContent.__slots__})

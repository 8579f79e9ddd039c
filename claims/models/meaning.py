"""What claims mean, as numbers; `claims.matching` computes them and compares them."""

from collections.abc import Iterable
from typing import Self

from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Coalesce
from django.db.models.lookups import Exact
from django.utils.translation import gettext_lazy as _

from .claim import Claim


class ClaimMeaningQuerySet(models.QuerySet["ClaimMeaning"]):
    def of(self, model: str) -> Self:
        """Keep what a model computed: only vectors of one model can be compared."""
        # Coalesce changes no value. It keeps SQLite from going through all that the model computed
        # for the few rows that are named.
        return self.filter(Exact(Coalesce("model", Value("")), Value(model)))

    def due(self, model: str) -> Self:
        """Keep what the model has not computed yet, or what another model computed."""
        # Two ranges, as its index has them.
        return self.filter(Q(model__lt=model) | Q(model__gt=model))

    def ask_for(self, claims: Iterable[int]) -> None:
        """Have the vectors of new or changed claims computed by the next `tick`."""
        claims = list(claims)
        self.filter(claim__in=claims).delete()
        self.bulk_create(ClaimMeaning(claim_id=claim) for claim in claims)


class ClaimMeaning(models.Model):
    """The vectors of one claim, of its sentence and its finding; none while they are due.

    A row never changes. What is computed anew gets a new row with a greater number, so whoever
    keeps rows in memory needs only those that came since.
    """

    claim = models.OneToOneField(
        Claim, verbose_name=_("claim"), on_delete=models.CASCADE, related_name="meaning"
    )
    model = models.CharField(
        _("model"),
        max_length=40,
        blank=True,
        db_index=True,
        help_text=_("What computed the vectors; empty while they are due."),
    )
    vectors = models.BinaryField(
        _("vectors"), help_text=_("One after the other, each number in two bytes (float16).")
    )

    objects = ClaimMeaningQuerySet.as_manager()

    class Meta:
        verbose_name = _("meaning of a claim")
        verbose_name_plural = _("meanings of claims")

    def __str__(self) -> str:
        return f"{self.claim_id}: {self.model}"

"""What the search index knows of each claim; `claims.search` keeps it and reads it."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from .claim import Claim


class ClaimEntry(models.Model):
    """A claim as the index has it: its words, and what it is filed under.

    The words are those of `claims.search.words`, between single spaces. Triggers of the database
    keep FTS5 (SQLite) and a column `vector` with GIN (PostgreSQL) up with `head` and `body`. The
    numbers grow with the day a claim was listed, so the newest hits are found first.
    """

    claim = models.OneToOneField(
        Claim, verbose_name=_("claim"), on_delete=models.CASCADE, related_name="entry"
    )
    head = models.TextField(
        _("first words"),
        help_text=_("Of the claim, its passages, its finding, who and what about."),
    )
    body = models.TextField(
        _("further words"), help_text=_("Of the rationale, and what the claim is filed under.")
    )
    is_public = models.BooleanField(_("readers see it"))
    listed_at = models.DateTimeField(_("listed"))
    status = models.CharField(_("status"), max_length=10)
    rating = models.BigIntegerField(_("rating"), null=True)
    speaker = models.BigIntegerField(_("speaker"), null=True)
    topics = models.JSONField(_("topics"))
    language = models.CharField(_("language"), max_length=35)
    year = models.PositiveSmallIntegerField(_("year"), null=True)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("index entry")
        verbose_name_plural = _("index entries")

    def __str__(self) -> str:
        return f"{self.claim_id}: {self.head[:60]}"


class SearchWord(models.Model):
    """In how many public entries a word stands, for ranking and for mistyped words.

    Three names that no word can have count the entries and the words in them.
    """

    ENTRIES = "§entries"
    HEAD_WORDS = "§head"
    BODY_WORDS = "§body"

    word = models.CharField(_("word"), max_length=40, primary_key=True)
    beginning = models.CharField(_("first three letters"), max_length=3, db_index=True)
    ending = models.CharField(_("last three letters"), max_length=3, db_index=True)
    entries = models.PositiveBigIntegerField(_("entries"))

    class Meta:
        verbose_name = _("word of the index")
        verbose_name_plural = _("words of the index")

    def __str__(self) -> str:
        return self.word


class SearchChange(models.Model):
    """How an edit changed the counts of words, until they are added up.

    Edits only add rows here, so that no two of them wait for each other over a common word.
    """

    counts = models.JSONField(_("counts"))

    class Meta:
        verbose_name = _("change of the counts of words")
        verbose_name_plural = _("changes of the counts of words")

    def __str__(self) -> str:
        return str(self.counts)

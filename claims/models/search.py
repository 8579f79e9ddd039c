"""What the search index knows of each claim; `claims.search` keeps it and reads it."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from sources.models import Source

from .claim import Claim


class Entry(models.Model):
    """Something as the index has it.

    The words are those of `claims.search.words`, between single spaces. Triggers of the database
    keep FTS5 (SQLite) and a column `vector` with GIN (PostgreSQL) up with `head` and `body`. Newer
    entries have higher numbers, so the newest hits are found first.
    """

    head = models.TextField(_("first words"), help_text=_("What it is called and says first."))
    body = models.TextField(_("further words"), help_text=_("What it says at length."))

    class Meta:
        abstract = True
        ordering = ["-pk"]


class SourceEntry(Entry):
    """A source as the index has it: its title, its authors and publisher, its address."""

    source = models.OneToOneField(
        Source, verbose_name=_("source"), on_delete=models.CASCADE, related_name="entry"
    )

    class Meta(Entry.Meta):
        verbose_name = _("index entry of a source")
        verbose_name_plural = _("index entries of sources")

    def __str__(self) -> str:
        return f"{self.source_id}: {self.head[:60]}"


class ClaimEntry(Entry):
    """A claim as the index has it: its words, and what it is filed under.

    The head has the claim, its passages, its finding, who said it and what about; the body the
    rationale, and marks of what it is filed under. A claim that is listed anew gets a new entry.
    """

    claim = models.OneToOneField(
        Claim, verbose_name=_("claim"), on_delete=models.CASCADE, related_name="entry"
    )
    is_public = models.BooleanField(_("readers see it"))
    listed_at = models.DateTimeField(_("listed"))
    status = models.CharField(_("status"), max_length=10)
    rating = models.BigIntegerField(_("rating"), null=True)
    speaker = models.BigIntegerField(_("speaker"), null=True)
    topics = models.JSONField(_("topics"))
    language = models.CharField(_("language"), max_length=35)
    year = models.PositiveSmallIntegerField(_("year"), null=True)

    class Meta(Entry.Meta):
        verbose_name = _("index entry of a claim")
        verbose_name_plural = _("index entries of claims")

    def __str__(self) -> str:
        return f"{self.claim_id}: {self.head[:60]}"


class SearchWord(models.Model):
    """In how many public entries a word stands, for ranking and for mistyped words.

    Three names that no word can have count the entries and the words in them; others, such as
    “§topic7”, the entries that are filed under something.
    """

    ENTRIES = "§entries"
    HEAD_WORDS = "§head"
    BODY_WORDS = "§body"

    word = models.CharField(_("word"), max_length=40, primary_key=True)
    beginning = models.CharField(_("first three letters"), max_length=3)
    ending = models.CharField(_("last three letters"), max_length=3, db_index=True)
    entries = models.PositiveBigIntegerField(_("entries"))

    class Meta:
        verbose_name = _("word of the index")
        verbose_name_plural = _("words of the index")
        indexes = [
            models.Index(fields=["beginning", "-entries"], name="search_words_by_commonness"),
        ]

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

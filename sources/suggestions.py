"""What a kept copy told of its source, offered for the fields that nobody has filled."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from accounts.editing import next_edit

from .models import Capture, Publisher, Source

FIELDS = {
    "title": "title",
    "publisher": "publisher",
    "author": "authors",
    "published_on": "published_on",
    "language": "language",
}
"""The fields of a source, and what fills them of what documents tell of themselves."""


@dataclass(frozen=True)
class Suggestion:
    """A value for an empty field. A guess is what the document does not state in so many words."""

    field: str
    label: str
    value: str
    is_guess: bool


def suggestions(source: Source) -> list[Suggestion]:
    """Return what the last copy told of the source, for its empty fields.

    Nothing for a confidential source, whose fields are empty so that they tell nothing.
    """
    if source.is_confidential:
        return []
    last = source.captures.filter(state=Capture.State.CAPTURED).order_by("-pk").first()
    found: dict[str, Any] = last.found if last else {}
    return [
        Suggestion(
            field,
            str(Source._meta.get_field(field).verbose_name),  # type: ignore[union-attr]
            found[told],
            told in found["guessed"],
        )
        for field, told in FIELDS.items()
        if found.get(told) and _is_empty(source, field)
    ]


@transaction.atomic
def confirm(source: Source, fields: Iterable[str], *, by: Any) -> list[str]:
    """Fill fields with what was suggested for them, and return which were filled.

    A field that somebody filled meanwhile stays as it is. Raises PermissionDenied, or
    ValidationError when what was suggested will not do.
    """
    if not by.has_perm("sources.change_source"):
        raise PermissionDenied(_("Your role may not do this."))
    stored = Source.objects.select_for_update().get(pk=source.pk)
    chosen = [each for each in suggestions(stored) if each.field in set(fields)]
    if not chosen:
        return []
    for each in chosen:
        value = _publisher(each.value, by) if each.field == "publisher" else each.value
        setattr(stored, each.field, value)
    stored.full_clean()
    next_edit(stored, stored.edit_number)
    stored.save()
    return [each.field for each in chosen]


def _is_empty(source: Source, field: str) -> bool:
    """Say whether nobody filled a field. A source added by its address has that for a title."""
    value = getattr(source, field)
    return not value or (field == "title" and source.is_untitled)


def _publisher(name: str, by: Any) -> Publisher:
    """Return the publisher of this name, a new one if there is none. Raises PermissionDenied."""
    known = Publisher.objects.filter(name__iexact=name).order_by("pk").first()
    if known:
        return known
    if not by.has_perm("sources.add_publisher"):
        raise PermissionDenied(_("Your role may not add a publisher."))
    new = Publisher(name=name, slug=_free_slug(name))
    try:
        new.full_clean()
    except ValidationError as refusal:
        raise ValidationError(refusal.messages) from refusal
    new.save()
    return new


def _free_slug(name: str) -> str:
    slug = slugify(name)[:190] or "publisher"
    taken = set(Publisher.objects.filter(slug__startswith=slug).values_list("slug", flat=True))
    numbered = (f"{slug}-{number}" for number in range(2, len(taken) + 3))
    return next(each for each in (slug, *numbered) if each not in taken)

"""Notes: what colleagues write to each other about a claim, and whom they mention."""

import re
from collections.abc import Iterator

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User

from . import notices
from .models import Claim, Note

LONGEST = Note._meta.get_field("text").max_length or 0
MOST_SHOWN = 20

# A name has the signs of a username. Neither an e-mail address nor a link mentions anybody.
_LINK_OR_MENTION = re.compile(r"https?://\S+|(?<![\w.@+-])@([\w.@+-]+)")
_AFTER_A_NAME = ".@+-"


@transaction.atomic
def write(claim: Claim, *, by: User, text: str) -> tuple[Note, list[str]]:
    """Keep a note on a claim, and tell the colleagues it mentions.

    Returns the note, and the names after an @ that no colleague has who may read notes. Raises
    PermissionDenied, or ValidationError for a text that is empty or too long.
    """
    if not by.has_perm("claims.add_note"):
        raise PermissionDenied(_("Your role may not write notes. Ask an administrator for it."))
    text = _checked(text)
    mentioned, missing = _people_in(text)
    note = Note.objects.create(claim=claim, by=by, text=text)
    note.mentions.set(mentioned)
    notices.mentioned(note)
    return note, missing


def latest(claim: Claim) -> list[Note]:
    """Return the last notes on a claim, the newest first. Two queries."""
    notes = claim.notes.select_related("by").prefetch_related("mentions")
    return list(notes.order_by("-pk")[:MOST_SHOWN])


def pieces(note: Note) -> list[tuple[str, bool]]:
    """Return the text of a note cut into pieces, each with whether it mentions a colleague."""
    people = {person.username.casefold(): person for person in note.mentions.all()}
    found: list[tuple[str, bool]] = []
    end = 0
    for match in _mentions(note.text):
        name = _name_at(match, people)
        if name:
            found.append((note.text[end : match.start()], False))
            end = match.start(1) + len(name)
            found.append((note.text[match.start() : end], True))
    return [*found, (note.text[end:], False)]


def _checked(text: str) -> str:
    text = text.replace("\r\n", "\n").strip()
    if not text:
        raise ValidationError({"text": _("Write something first.")}, code="required")
    if len(text) > LONGEST:
        sentence = ngettext(
            "Shorten it to %(count)d character.", "Shorten it to %(count)d characters.", LONGEST
        )
        raise ValidationError({"text": sentence % {"count": LONGEST}}, code="max_length")
    return text


def _people_in(text: str) -> tuple[list[User], list[str]]:
    """Return the colleagues that a text mentions, and the names that none of them has."""
    matches = list(_mentions(text))
    if not matches:
        return [], []
    # Compared here: SQLite knows small and capital letters of ASCII only.
    readers = User.objects.with_perm("claims.view_note").filter(is_staff=True).only("username")
    people = {person.username.casefold(): person for person in readers}
    mentioned: dict[int, User] = {}
    missing: dict[str, None] = {}
    for match in matches:
        name = _name_at(match, people)
        if name:
            person = people[name.casefold()]
            mentioned[person.pk] = person
        else:
            missing[match[1].rstrip(_AFTER_A_NAME) or match[1]] = None
    return list(mentioned.values()), list(missing)


def _mentions(text: str) -> Iterator[re.Match[str]]:
    return (match for match in _LINK_OR_MENTION.finditer(text) if match[1])


def _name_at(match: re.Match[str], people: dict[str, User]) -> str:
    """Return the longest name there that somebody has, or nothing: “@rita.” may end a sentence."""
    name = match[1]
    while name and name.casefold() not in people:
        if name[-1] not in _AFTER_A_NAME:
            return ""
        name = name[:-1]
    return name

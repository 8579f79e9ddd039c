"""What readers wait for, at the editors’ desk."""

from accounts.models import User
from claims.queue import MOST_COUNTED, MOST_SHOWN, Part, part

from .models import CorrectionRequest, Suggestion


def waiting_requests(person: User) -> Part | None:
    """Return the correction requests that wait for an answer, or None for who may not see them.

    Those whose new version was given up come first: somebody promised something there. They are
    read by themselves, so that each of the two has an index.
    """
    if not person.has_perm("tips.view_correctionrequest"):
        return None
    rows = CorrectionRequest.objects.select_related("review__claim").order_by("pk")
    in_vain, unanswered = part(rows.begun_in_vain()), part(rows.unanswered())
    count = in_vain.count + unanswered.count
    return Part(
        [*in_vain.rows, *unanswered.rows][:MOST_SHOWN],
        min(count, MOST_COUNTED),
        count > MOST_COUNTED or in_vain.has_more_than_counted or unanswered.has_more_than_counted,
    )


def waiting_suggestions(person: User) -> Part | None:
    """Return the suggestions that wait, the oldest first, or None for who may not see them."""
    if not person.has_perm("tips.view_suggestion"):
        return None
    return part(Suggestion.objects.open().order_by("pk"))

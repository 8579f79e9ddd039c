"""Correction requests for tests, sent and settled as people do it."""

from claims.tests.factories import complete, make_published_claim, publish
from claims.workflow import submit
from tips import answering, sending
from tips.models import CorrectionRequest, Receipt


def send(claim=None, wrong="The year is wrong.", shows=""):
    """Send a request about the newest version; return it with the address of its receipt."""
    version = sending.versions_of(claim or make_published_claim())[0]
    token = sending.send(version, wrong=wrong, shows=shows)
    receipt = Receipt.objects.with_token(token).get()
    return CorrectionRequest.objects.get(pk=receipt.request_id), Receipt.address_of(token)


def take_up(request, *, by, note="The year was wrong."):
    """Begin a new version because of a request; return the draft."""
    return answering.take_up(request, by=by, kind="correction", note=note)


def publish_draft(draft, *, by):
    """Let the author send the draft on, and another person publish it."""
    complete(draft)
    submit(draft, by=draft.author)
    publish(draft, by=by)

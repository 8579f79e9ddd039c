"""From an address that a reviewer pastes to what readers see when its page changes and goes."""

import pytest
from django.urls import reverse

from claims import workflow
from claims.tests import factories
from sources.models import Source
from sources.tests.documents import page
from sources.tests.hostile import answer

from .days import a_day_passes
from .forms import posted_by

pytestmark = pytest.mark.django_db
QUOTED = "The council said on Monday that taxes doubled within three years"


@pytest.fixture
def reviewer():
    return factories.make_person("Alma", role="reviewer")


@pytest.fixture
def desk(client, reviewer):
    client.force_login(reviewer)
    return client


def read(client, address):
    response = client.get(address)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def pasted(desk, url, on_commit):
    add = reverse("admin:sources_source_add")
    with on_commit(execute=True):
        answered = desk.post(add, posted_by(desk.get(add), "source_form") | {"url": url})
    assert answered.status_code == 302
    return Source.objects.get(url=url)


def quoted(desk, claim, source):
    """Begin a review, and quote a sentence that the finder found in the copy."""
    finder = reverse("admin:claims_claim_passages", args=[claim.pk])
    copy = source.snapshots.get()
    found = read(desk, f"{finder}?snapshot={copy.pk}&words={QUOTED}")
    assert "Found once" in found
    desk.post(finder, {
        "snapshot": copy.pk, "passage": QUOTED, "start": copy.text.index(QUOTED),
        "stance": "supports", "summary": "It says so.",
    })  # fmt: skip


def test_a_page_that_is_quoted_changed_and_removed(
    desk, reviewer, web, django_capture_on_commit_callbacks
):
    web.pages["/a"] = answer(page())
    source = pasted(desk, web.url("/a"), django_capture_on_commit_callbacks)
    assert "<b>Kept</b>" in read(desk, reverse("admin:sources_source_change", args=[source.pk]))

    review = factories.make_review(author=reviewer)
    claim = review.claim
    quoted(desk, claim, source)
    workflow.submit(review, by=reviewer)
    factories.publish(review, by=factories.make_person(role="editor"))
    verdict = read(desk, claim.get_absolute_url())
    assert f"{QUOTED}</blockquote>" in verdict
    assert "has changed these words" not in verdict

    web.pages["/a"] = answer(page().replace(b"doubled within three", b"rose within two"))
    a_day_passes()
    assert "has changed these words since" in read(desk, claim.get_absolute_url())
    queue = read(desk, reverse("admin:index"))
    assert "Evidence at risk (1)" in queue
    assert "rose" in queue
    assert "</ins>" in queue
    assert "Its text changed on" in read(desk, source.get_absolute_url())

    workflow.settle_risk(
        claim,
        by=reviewer,
        risk=review.evidence.get(source=source).risks.get(),
        reason="We hold it.",
    )
    assert "Evidence at risk (" not in read(desk, reverse("admin:index"))

    del web.pages["/a"]
    for _day in range(2):
        a_day_passes()
    assert "No answer lately" in read(desk, source.get_absolute_url())
    assert "Links gone" not in read(desk, reverse("admin:index"))
    a_day_passes()
    queue = read(desk, reverse("admin:index"))
    assert "Links gone (1)" in queue
    assert reverse("admin:sources_source_change", args=[source.pk]) in queue
    gone = read(desk, source.get_absolute_url())
    assert "The original link stopped working on" in gone
    assert gone.index("Open the kept copy") < gone.index("Try the original link")
    assert "Link gone" in read(desk, claim.get_absolute_url())
    copy = review.evidence.get(source=source).snapshot
    assert QUOTED in read(desk, reverse("copy", args=[source.pk, copy.pk]))

"""Public copies on the page of a source in the admin."""

import pytest
from django.urls import reverse
from django.utils import timezone

from claims.tests.factories import make_public_copy, make_source
from sources.models import PublicCopy

from .internet_archive import JOB
from .test_public_archive import make_read_source

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client, reviewer):
    client.force_login(reviewer)
    return client


def shown(desk, source):
    page = desk.get(reverse("admin:sources_source_change", args=[source.pk])).content.decode()
    return page.partition('id="public-copy"')[2].partition("</section>")[0]


def ask(desk, source, method="post"):
    address = reverse("admin:sources_source_public_copy", args=[source.pk])
    return getattr(desk, method)(address, follow=True)


def test_a_reviewer_asks_for_a_public_copy_with_one_button(desk, internet_archive):
    source = make_read_source()
    assert "Ask for a public copy" in shown(desk, source)

    ask(desk, source)

    html = shown(desk, source)
    assert PublicCopy.objects.get().source == source
    assert "<b>Waiting</b>" in html
    assert "Ask for a public copy" not in html


@pytest.mark.parametrize(
    ("fields", "words", "may_ask"),
    [
        (
            {"state": "waiting", "reason": "The Internet Archive does not answer."},
            "answer. The next attempt",
            False,
        ),
        ({"state": "asked", "job_id": JOB, "asked_at": timezone.now()}, "has been making", False),
        ({}, "https://web.archive.org/web/2", True),
        ({"state": "failed", "reason": "No <b>page</b>."}, "No &lt;b&gt;page", True),
    ],
)
def test_the_page_of_a_source_says_how_its_public_copy_stands(
    desk, internet_archive, fields, words, may_ask
):
    source = make_read_source()
    make_public_copy(source, **fields)

    html = shown(desk, source)

    assert words in html
    assert ("Ask for a public copy again" in html) == may_ask


def test_without_keys_the_admin_shows_nothing_of_it(desk):
    source = make_read_source()

    assert shown(desk, source) == ""
    assert "not asked from here" in ask(desk, source).content.decode()
    assert reverse("admin:sources_publiccopy_changelist") not in menu(desk)
    assert not PublicCopy.objects.exists()


def menu(desk):
    return desk.get(reverse("admin:app_list", args=["sources"])).content.decode()


def test_with_keys_the_list_of_public_copies_says_what_became_of_each(desk, internet_archive):
    copy = make_public_copy(make_source(), state="failed", reason="No such page.")

    listing = reverse("admin:sources_publiccopy_changelist")
    assert listing in menu(desk)
    assert "No such page." in desk.get(listing).content.decode()
    page = desk.get(reverse("admin:sources_publiccopy_change", args=[copy.pk]))
    assert "Failed" in page.content.decode()
    assert not page.context["has_change_permission"]


def test_a_source_that_we_have_not_read_ourselves_offers_no_public_copy(desk, internet_archive):
    source = make_source()

    assert "Ask for a public copy" not in shown(desk, source)
    assert "from the address first" in ask(desk, source).content.decode()


def test_a_look_at_the_address_of_the_button_asks_for_nothing(desk, internet_archive):
    ask(desk, make_read_source(), "get")

    assert not PublicCopy.objects.exists()


def test_who_reads_only_sees_how_it_stands_and_no_button(client, administrator, internet_archive):
    client.force_login(administrator)
    source = make_read_source()

    assert "No public copy was asked for yet" in shown(client, source)
    assert "Ask for a public copy" not in shown(client, source)
    assert ask(client, source).status_code == 403


def test_the_secret_is_nowhere_in_the_admin(client, superuser, internet_archive):
    client.force_login(superuser)
    source = make_read_source()
    copy = make_public_copy(source)

    for page in (
        reverse("admin:sources_source_change", args=[source.pk]),
        reverse("admin:sources_publiccopy_change", args=[copy.pk]),
        reverse("admin:sources_publiccopy_changelist"),
    ):
        assert "our-secret-key" not in client.get(page).content.decode()

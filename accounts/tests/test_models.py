"""The people of the newsroom."""

from accounts.models import User
from claims.tests.factories import make_person


def test_a_person_is_shown_by_the_name_readers_see(db):
    person = make_person("Rita Reviewer")

    assert [str(person), person.get_full_name(), person.get_short_name()] == ["Rita Reviewer"] * 3


def test_a_person_without_a_public_name_is_shown_by_the_username():
    assert str(User(username="rita")) == "rita"

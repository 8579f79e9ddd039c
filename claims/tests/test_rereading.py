"""An article that was captured again: what stands, what moved, and what it changed."""

import pytest

from claims.models import Appearance
from claims.tests.test_risks import says
from sources.models import Link

from . import factories

pytestmark = pytest.mark.django_db
FIRST = "Taxes doubled. The bridge fell in May. Nobody was hurt."


@pytest.fixture
def article():
    return factories.make_source("Daily", url="https://daily.example/a")


def recorded(article, *passages, text=FIRST):
    copy = says(article, text)
    return [factories.make_appearance(exact=exact, snapshot=copy) for exact in passages]


def read(client, article):
    html = client.get(f"/articles/{article.pk}/").content.decode()
    text, _sign, rest = html.partition('id="changed"')
    return text, rest.partition('id="list"')[0]


def test_words_that_stay_or_move_are_marked_in_the_newest_text(client, article):
    recorded(article, "Taxes doubled", "Nobody was hurt")
    says(article, "Corrected on Monday. Taxes doubled. The bridge fell in June. Nobody was hurt.")
    text, changed = read(client, article)
    assert "Corrected on Monday." in text
    assert text.count("<mark") == 2
    assert not changed


def test_altered_words_are_never_marked_but_shown_with_the_difference(client, article):
    (kept, altered) = recorded(article, "Taxes doubled", "The bridge fell in May")
    says(article, "Taxes doubled. The bridge fell in June. Nobody was hurt.")
    text, changed = read(client, article)
    assert text.count("<mark") == 1
    assert f'id="m{kept.claim_id}"' in text
    assert f'id="m{altered.claim_id}"' in changed
    assert "May</del>" in changed
    assert "June</ins>" in changed


def test_what_was_found_when_the_text_was_kept_is_not_looked_for_again(
    client, article, monkeypatch
):
    recorded(article, "The bridge fell in May")
    says(article, "Taxes doubled. The bridge fell in June.")
    monkeypatch.setattr("claims.rereading.find_again", None)
    _text, changed = read(client, article)
    assert "June</ins>" in changed


def test_a_passage_recorded_after_the_text_changed_is_looked_for(client, article):
    (first,) = recorded(article, "Taxes doubled")
    says(article, "Taxes doubled. The bridge fell in June.")
    factories.make_appearance(exact="The bridge fell in May", snapshot=first.snapshot)
    text, changed = read(client, article)
    assert text.count("<mark") == 1
    assert "June</ins>" in changed


def test_words_that_are_gone_are_struck_whole(client, article):
    recorded(article, "Taxes doubled", "The bridge fell in May")
    says(article, "Taxes doubled. That is all we know.")
    text, changed = read(client, article)
    assert text.count("<mark") == 1
    assert "The bridge fell in May</del>" in changed


def test_programs_get_places_in_the_newest_text_and_none_of_altered_words(client, article):
    recorded(article, "Taxes doubled", "The bridge fell in May")
    newest = says(article, "Corrected. Taxes doubled. The bridge fell in June.")
    said = client.get(f"/api/v1/articles/{article.pk}/").json()
    assert (said["text"], said["sha256"]) == (newest.text, newest.sha256)
    (annotation,) = said["annotations"]
    assert said["text"][annotation["start"] : annotation["end"]] == "Taxes doubled"
    assert annotation["prefix"] == "Corrected. "


def test_a_passage_recorded_from_two_copies_stands_once(client, article):
    (first,) = recorded(article, "Taxes doubled")
    again = says(article, "Corrected. Taxes doubled.")
    factories.make_appearance(first.claim, exact="Taxes doubled", snapshot=again)
    says(article, "Corrected twice. Taxes doubled.")
    text, changed = read(client, article)
    assert text.count("<mark") == 1
    assert not changed


def test_a_text_that_was_typed_in_stands_for_itself(client, article):
    typed = factories.make_snapshot(FIRST, source=article)
    factories.make_appearance(exact="Taxes doubled", snapshot=typed)
    says(article, "Subscribe to read on.")
    text, changed = read(client, article)
    assert "Nobody was hurt." in text
    assert text.count("<mark") == 1
    assert not changed


def test_nothing_of_it_is_stored(client, article):
    (found,) = recorded(article, "Taxes doubled")
    says(article, "Corrected. Taxes doubled.")
    read(client, article)
    stored = Appearance.objects.get(pk=found.pk)
    assert (stored.start, stored.snapshot) == (found.start, found.snapshot)
    assert Link.objects.get(source=article).current != stored.snapshot


def test_an_article_read_again_takes_the_same_number_of_queries(client, django_assert_num_queries):
    for count in (3, 24):
        article = factories.make_source()
        words = [f"Sentence {number} holds." for number in range(count)]
        recorded(article, *words, text=" ".join(words))
        says(article, " ".join(words[:-1]) + " The last one is another.")
        with django_assert_num_queries(8):
            client.get(f"/articles/{article.pk}/")

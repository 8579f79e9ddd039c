"""Whether a text was checked before: the same claims, in the same order, on both databases."""

import pytest
from django.core.cache import cache
from django.core.exceptions import ValidationError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from claims import embedding
from claims.matching import Certainty, by_meaning, similar_claims
from claims.matching.by_words import MOST_ENTRIES, Telling, _groups
from claims.matching.reading import readable
from claims.models import Claim, ClaimEntry, ClaimMeaning
from claims.search import index

from .factories import make_claim

pytestmark = pytest.mark.django_db

CLAIMS = [
    "The city of Lindau spent two million euros on a new bridge in 2021.",
    "Unemployment in Norway fell to 3.2% last year.",
    "A vaccine against measles causes autism.",
    "Mayor Ortega banned cars from the old town.",
    "The number of wolves in Saxony doubled within five years.",
    "Drinking three litres of milk a day prevents broken bones.",
    "Most plastic in the ocean comes from fishing nets.",
    "The new railway line was finished two years late.",
    "市长说自来水的价格去年上涨了百分之五。",
]

needs_model = pytest.mark.skipif(
    not embedding._opened(), reason="requirements-embedding.txt is not installed"
)


@pytest.fixture
def words_alone(settings):
    settings.MATCH_BY_MEANING = False


@pytest.fixture
def claims(db):
    return [indexed(text) for text in CLAIMS]


def indexed(text, status="published"):
    claim = make_claim(text, status=status)
    index.refresh([claim.pk])
    return claim


@pytest.fixture
def meanings(claims):
    by_meaning.compute_due()
    return claims


def texts(matches):
    return [match.claim.text for match in matches]


@pytest.mark.parametrize(
    ("post", "claim"),
    [
        ("TWO MILLION for one bridge?! #Lindau — Ana (@ana_b) May 3, 2021 https://t.co/x1", 0),
        ("norway's unemployment down to 3.2 percent", 1),
        ("They say measles vaccines cause autism…", 2),
        ("Mayor Ortega: no more cars in the #OldTown", 3),
        ("wolves doubled in Saxony", 4),
        ("自来水涨价了百分之五", 8),
    ],
)
def test_a_post_leads_to_the_claim_by_its_words(claims, words_alone, post, claim):
    assert texts(similar_claims(post, 3))[0] == CLAIMS[claim]


def test_a_match_says_which_words_are_shared(claims, words_alone):
    (match,) = similar_claims("Saxony has wolves", 1)

    assert set(match.shared_words) == {"Saxony", "wolves"}
    assert match.cosine is None


def test_a_text_that_shares_no_word_finds_nothing(claims, words_alone):
    assert similar_claims("quantum chromodynamics") == []
    assert similar_claims("") == []


def test_of_claims_that_say_the_same_the_older_comes_first(words_alone):
    older = indexed("The “big” dam holds water.")
    indexed("The 'big' dam holds water.")
    indexed("Nothing alike.")

    assert similar_claims("a big dam holds water", 2)[0].claim == older


def test_what_readers_do_not_see_is_matched_at_the_desk_alone(words_alone):
    hidden = indexed("Wolves eat bicycles.", "new")
    declined = indexed("Wolves eat bicycles, says nobody.", "declined")

    assert similar_claims("wolves eat bicycles") == []
    assert {match.claim for match in similar_claims("wolves eat bicycles", is_public=False)} == {
        hidden,
        declined,
    }


def test_addresses_go_and_tags_are_read_as_words():
    assert readable("See https://t.co/abc #StopTheTax @JoeDoe2 now") == (
        "See Stop The Tax Joe Doe 2 now"
    )


def test_few_entries_are_read_however_common_the_words_are():
    common = [Telling(f"w{number}", (f"w{number}",), 900) for number in range(30)]

    groups = list(_groups(common, 1_000_000))

    alone = [group for group in groups if len(group) == 1]
    assert sum(word.entries for (word,) in alone) <= MOST_ENTRIES
    assert len(groups) > len(alone)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.text(st.characters(), max_size=300))
def test_any_text_whatever_is_answered(claims, words_alone, text):
    similar_claims(text)


def test_a_long_text_is_answered_and_a_longer_one_refused_with_the_limit(claims, words_alone):
    text = "wolves doubled in Saxony " + "x\ud800\0 ' \" * AND " * 400

    assert texts(similar_claims(text[:5000], 1))
    with pytest.raises(ValidationError, match="at most 5000 characters"):
        similar_claims(text[:5000] + "x" * 5000)


def test_new_and_changed_claims_are_due():
    claim = indexed("Wolves eat bicycles.", "new")

    assert ClaimMeaning.objects.due(embedding.MODEL).get().claim == claim
    index.rebuild()
    assert ClaimMeaning.objects.count() == 1


def test_without_the_model_nothing_is_computed(claims, words_alone):
    assert by_meaning.compute_due() == ""
    assert not embedding.is_available()
    assert ClaimMeaning.objects.due(embedding.MODEL).count() == len(claims)


@needs_model
@pytest.mark.parametrize(
    ("post", "claim"),
    [
        ("Fewer Scandinavians are without a job", 1),
        ("Jabs for kids make them autistic", 2),
        ("Automobiles are no longer allowed downtown", 3),
        ("dairy makes your skeleton unbreakable", 5),
        ("marine litter is mostly lost gear of trawlers", 6),
        ("the train tracks were delivered behind schedule", 7),
    ],
)
def test_a_post_in_other_words_leads_to_the_claim(meanings, post, claim):
    assert texts(similar_claims(post, 3))[0] == CLAIMS[claim]


@needs_model
def test_of_two_workers_one_computes(claims):
    cache.add(by_meaning.COMPUTING, True)
    assert by_meaning.compute_due() == ""
    cache.delete(by_meaning.COMPUTING)

    assert by_meaning.compute_due() == f"Computed what {len(claims)} claims mean."
    assert by_meaning.compute_due() == ""
    assert cache.get(by_meaning.COMPUTING) is None


@needs_model
def test_a_new_status_leaves_the_vectors_as_they_are(meanings, reviewer):
    claim = indexed("Bread is baked at night.", "in_review")
    by_meaning.compute_due()
    Claim.objects.filter(pk=claim.pk).update(status="published")
    index.refresh([claim.pk])

    assert ClaimEntry.objects.get(claim=claim).status == "published"
    assert not ClaimMeaning.objects.due(embedding.MODEL).exists()


@needs_model
def test_equal_texts_have_equal_vectors_whatever_their_quotation_marks():
    one, other, last = embedding.encode(["the ‘big’ dam", "A longer text beside", 'the "big" dam'])

    assert (one == last).all()
    assert one @ other < 0.5 < one @ one


@needs_model
def test_what_a_claim_meant_before_an_edit_is_not_found(meanings):
    wolves = Claim.objects.get(text=CLAIMS[4])
    similar_claims("more predators in eastern Germany")
    Claim.objects.filter(pk=wolves.pk).update(text="Bread is baked at night.")
    index.refresh([wolves.pk])

    matches = similar_claims("more predators in eastern Germany", 20)

    assert [match.cosine for match in matches if match.claim == wolves] in ([], [None])
    assert by_meaning.compute_due() == "Computed what 1 claims mean."
    assert texts(similar_claims("loaves are made after midnight"))[0] == "Bread is baked at night."


@needs_model
def test_a_hidden_claim_is_not_found_by_its_meaning(meanings):
    Claim.objects.filter(text=CLAIMS[4]).update(status="declined")
    index.refresh_all(Claim.objects.filter(text=CLAIMS[4]))
    by_meaning.compute_due()

    assert CLAIMS[4] not in texts(similar_claims("more predators in eastern Germany", 20))
    found = similar_claims("more predators in eastern Germany", 20, is_public=False)
    assert CLAIMS[4] in texts(found)


@needs_model
def test_a_model_that_is_another_is_not_opened(monkeypatch, caplog):
    monkeypatch.setattr(embedding, "SHA256", "0" * 64)
    embedding._opened.cache_clear()

    assert not embedding.is_available()
    assert "matching by words alone" in caplog.text
    embedding._opened.cache_clear()


def test_a_post_that_repeats_a_claim_is_certain_by_words(claims, words_alone):
    first, *others = similar_claims("It is said that Mayor Ortega banned cars from our old town")

    assert first.certainty == Certainty.CERTAIN
    assert {match.certainty for match in others} <= {Certainty.NONE}


def test_a_word_in_common_is_no_certainty(claims, words_alone):
    (match,) = similar_claims("My neighbour keeps wolves in the kitchen, and I told the police", 1)

    assert match.certainty == Certainty.NONE
    assert similar_claims("wolves", 1)[0].certainty == Certainty.NONE


@needs_model
@pytest.mark.parametrize(
    ("post", "certainty"),
    [
        ("The number of wolves in Saxony has doubled in five years", "certain"),
        ("In Saxony there are twice as many wolves as five years ago", "certain"),
        ("Wolves were shown in the zoo of Leipzig", "none"),
        ("Nobody likes rain", "none"),
    ],
)
def test_how_sure_a_match_is(meanings, post, certainty):
    assert similar_claims(post, 1)[0].certainty == certainty

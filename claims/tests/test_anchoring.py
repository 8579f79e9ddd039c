"""Finding a passage by its words and its position."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.anchoring import AnchoringError, anchor, find_nearest

TEXT = "𝒜 tax cut. The tax doubled. The tax doubled."


def test_words_that_occur_once_are_found_in_code_points():
    passage = anchor(TEXT, "tax cut")

    assert (passage.start, passage.end) == (2, 9)
    assert TEXT[passage.start : passage.end] == "tax cut"


def test_words_that_occur_twice_ask_for_a_start():
    with pytest.raises(AnchoringError, match="positions 15, 32") as refusal:
        anchor(TEXT, "tax doubled")

    assert refusal.value.field == "start"


def test_a_start_says_which_occurrence_is_meant():
    assert anchor(TEXT, "tax doubled", 32).start == 32


def test_overlapping_occurrences_are_all_named():
    with pytest.raises(AnchoringError, match="positions 0, 1"):
        anchor("aaa", "aa")


def test_a_start_where_the_words_do_not_stand_is_refused():
    with pytest.raises(AnchoringError, match="position 3") as refusal:
        anchor(TEXT, "tax cut", 3)

    assert refusal.value.field == "start"


@pytest.mark.parametrize("exact", ["", "tax  cut", "Tax cut"])
def test_words_that_do_not_occur_are_refused(exact):
    with pytest.raises(AnchoringError, match="do not occur") as refusal:
        anchor(TEXT, exact)

    assert refusal.value.field == "exact"


def test_context_is_at_most_32_code_points_on_either_side():
    passage = anchor("x" * 40 + "claim" + "y" * 40, "claim")

    assert (passage.prefix, passage.suffix) == ("x" * 32, "y" * 32)


@given(st.text(max_size=50), st.text(min_size=1, max_size=20), st.text(max_size=50))
def test_context_and_words_stand_together_in_the_text(before, exact, after):
    text = before + exact + after

    passage = anchor(text, exact, len(before))

    assert passage.prefix + passage.exact + passage.suffix in text
    assert text[passage.start : passage.end] == exact


MINUTES = (
    "The council met. " * 50
    + "The mayor said that taxes on homes had doubled since the spring of 2019. "
    + "Nobody asked why. " * 50
)


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (
            "The mayor said taxes on homes had tripled since the spring of 2019",
            "The mayor said that taxes on homes had doubled since the spring of 2019",
        ),
        (
            "A mayor said that taxes on homes had doubled",
            "The mayor said that taxes on homes had doubled",
        ),
        ("taxes on homes had doubled since summer", "taxes on homes had doubled since the"),
        ("bananas are yellow and cheap", None),
        ("the mayor asked whether homes are taxed", None),
        ("…", None),
        ("", None),
    ],
)  # fmt: skip
def test_the_passage_most_like_the_words_is_found_or_none(words, found):
    passage = find_nearest(MINUTES, words)

    assert (passage and passage.exact) == found


def test_a_word_that_stands_apart_by_chance_is_no_part_of_the_passage():
    text = "Before noon the clerk read for an hour, then a mayor said taxes on homes had doubled."

    passage = find_nearest(text, "the tall mayor said taxes on homes had doubled")

    assert passage.exact == "then a mayor said taxes on homes had doubled"


def test_words_scattered_before_do_not_hide_the_passage():
    words = "mayor said taxes on homes had doubled twice"
    filler = f" {'and so it went ' * 10}"
    text = f"{filler.join(words.split())}{filler} The mayor said taxes on homes had doubled."

    passage = find_nearest(text, words)

    assert passage.exact == "mayor said taxes on homes had doubled"


def test_likeness_works_sign_by_sign_where_words_have_no_spaces():
    text = "今天开会。中国公司需要两倍的算力，才能达到同样的结果。散会。"

    assert find_nearest(text, "中国公司需要四倍的算力才能达到同样结果").exact == (
        "中国公司需要两倍的算力，才能达到同样的结果"
    )


def test_a_text_without_words_is_like_none():
    assert find_nearest("— …", "taxes doubled") is None


@given(st.text(max_size=60), st.text(alphabet="abc ", max_size=20))
def test_what_is_like_stands_in_the_text(text, words):
    passage = find_nearest(text, words)

    assert passage is None or text[passage.start : passage.end] == passage.exact


def test_a_heading_with_the_same_words_is_not_taken_for_the_passage():
    text = "Schools in May\n\nThe ministry counted 312 schools in May, twelve more than before."
    nearest = find_nearest(text, "The ministry counted 412 schools in May")
    assert nearest.exact == "The ministry counted 312 schools in May"


def test_a_long_passage_in_a_long_text_is_found_in_a_moment():
    words = [f"word{number % 97}" for number in range(60_000)]
    wanted = words[30_000:30_400]
    words[30_200] = "another"
    nearest = find_nearest(" ".join(words), " ".join(wanted))
    assert len(nearest.exact.split()) == 400

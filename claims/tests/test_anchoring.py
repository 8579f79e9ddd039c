"""Finding a passage by its words and its position."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.anchoring import AnchoringError, anchor

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

"""A text with passages marked: nothing of it is lost, added or moved."""

from hypothesis import given
from hypothesis import strategies as st

from claims.highlighting import mark_up
from claims.models import Appearance


def passage(start, end):
    return Appearance(start=start, end=end)


def shown(paragraphs):
    return [
        [(segment.text, segment.appearance is not None) for segment in paragraph.segments]
        for paragraph in paragraphs
    ]


def test_a_passage_is_marked_in_its_paragraph():
    paragraphs = mark_up("Taxes doubled.\n\nNobody asked.", [passage(0, 13)])

    assert shown(paragraphs) == [
        [("Taxes doubled", True), (".", False)],
        [("Nobody asked.", False)],
    ]
    assert len(paragraphs[0].appearances) == 1


def test_positions_are_code_points():
    (paragraph,) = mark_up("𝒜 tax cut.", [passage(2, 9)])

    assert paragraph.segments[1].text == "tax cut"


def test_a_passage_over_two_paragraphs_is_marked_in_both_and_noted_once():
    first, second = mark_up("One two\nthree four", [passage(4, 13)])

    assert [segment.text for segment in first.segments] == ["One ", "two"]
    assert [segment.text for segment in second.segments] == ["three", " four"]
    assert (len(first.appearances), len(second.appearances)) == (1, 0)
    assert (first.segments[1].is_first, first.segments[1].is_last) == (True, False)
    assert (second.segments[0].is_first, second.segments[0].is_last) == (False, True)


def test_of_passages_that_overlap_the_second_is_marked_where_the_first_ends():
    (paragraph,) = mark_up("abcdef", [passage(0, 4), passage(2, 6)])

    assert [segment.text for segment in paragraph.segments] == ["abcd", "ef"]
    assert all(segment.is_first and segment.is_last for segment in paragraph.segments)
    assert len(paragraph.appearances) == 2


def test_a_passage_that_begins_between_two_paragraphs_is_noted_in_the_second():
    _, second = mark_up("One.\n\nTwo.", [passage(5, 9)])

    assert [segment.text for segment in second.segments] == ["Two", "."]
    assert (second.segments[0].is_first, len(second.appearances)) == (True, 1)


def test_a_passage_inside_another_is_still_noted():
    (paragraph,) = mark_up("abcdef", [passage(0, 6), passage(2, 4)])

    assert [segment.text for segment in paragraph.segments] == ["abcdef"]
    assert len(paragraph.appearances) == 2


@given(
    st.text(alphabet="ab \n\r\u2028", max_size=40),
    st.lists(st.tuples(st.integers(0, 40), st.integers(1, 10)), max_size=6),
)
def test_the_segments_make_up_the_text_line_by_line(text, places):
    appearances = [passage(start, start + length) for start, length in places]

    paragraphs = mark_up(text, appearances)

    lines = [line.rstrip("\r\n") for line in text.splitlines(keepends=True)]
    assert [
        "".join(segment.text for segment in paragraph.segments) for paragraph in paragraphs
    ] == [line for line in lines if line.strip()]

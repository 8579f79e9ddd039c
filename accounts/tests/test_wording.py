"""What was changed between two wordings."""

from hypothesis import given
from hypothesis import strategies as st

from accounts.wording import compare


def test_changed_words_are_shown_as_removed_and_added():
    pieces = compare("a paper released last year", "a paper published last year")

    assert [(piece.change, piece.text) for piece in pieces] == [
        ("same", "a paper "),
        ("removed", "released"),
        ("added", "published"),
        ("same", " last year"),
    ]


@given(st.text(max_size=40), st.text(max_size=40))
def test_both_wordings_can_be_read_out_of_the_pieces(old, new):
    pieces = compare(old, new)

    assert "".join(piece.text for piece in pieces if piece.change != "added") == old
    assert "".join(piece.text for piece in pieces if piece.change != "removed") == new


def test_a_long_wording_is_compared_whole_and_soon():
    words = " ".join(f"word{place % 97} of" for place in range(4000))

    pieces = compare(f"First {words} middle {words} last", f"One {words} centre {words} end")

    assert [piece.text for piece in pieces if piece.change == "removed"] == [
        "First",
        "middle",
        "last",
    ]


def test_what_was_written_anew_is_struck_out_whole():
    pieces = compare("An expert’s view of a whole generation.", "Now the right year of a study.")

    assert [(piece.change, piece.text) for piece in pieces] == [
        ("removed", "An expert’s view of a whole generation"),
        ("added", "Now the right year of a study"),
        ("same", "."),
    ]

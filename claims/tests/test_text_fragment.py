"""Links that open a page at the quoted words."""

from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.text_fragment import LONGEST_WHOLE, link_to_words


@pytest.mark.parametrize(
    ("url", "words", "link"),
    [
        ("https://a.example/b", "It rose.", "https://a.example/b#:~:text=It%20rose."),
        ("https://a.example/b#c", "It rose", "https://a.example/b#c:~:text=It%20rose"),
        ("https://a.example/b#c:~:text=old", "new", "https://a.example/b#c:~:text=new"),
        ("https://a.example/", "a-b, c & d", "https://a.example/#:~:text=a%2Db%2C%20c%20%26%20d"),
        ("https://a.example/", "a \t b", "https://a.example/#:~:text=a%20b"),
        ("https://a.example/", "One two.\n\nThree four.", "https://a.example/#:~:text=One%20two.,Three%20four."),
        ("https://a.example/", "税", "https://a.example/#:~:text=%E7%A8%8E"),
        ("https://a.example/b#c", " \n", "https://a.example/b#c"),
        ("https://a.example/b", "", "https://a.example/b"),
    ],
)  # fmt: skip
def test_the_link_names_the_words(url, words, link):
    assert link_to_words(url, words) == link


def test_of_a_long_passage_both_ends_are_named():
    words = [f"word{number}" for number in range(100)]

    _page, terms = link_to_words("https://a.example/", " ".join(words)).split("text=")

    assert [unquote(term).split() for term in terms.split(",")] == [words[:8], words[-8:]]


def test_a_long_passage_without_spaces_is_named_whole():
    words = "税" * (LONGEST_WHOLE + 1)

    assert unquote(link_to_words("https://a.example/", words)).endswith(f"text={words}")


@given(st.text(max_size=400))
def test_no_words_break_the_directive(words):
    link = link_to_words("https://a.example/", words)

    assert link.isascii()
    _page, _sign, terms = link.partition("text=")
    assert not set(terms) & set('-&#"<> ')
    assert terms.count(",") <= 1

"""What robots.txt allows, by the rules of RFC 9309."""

import pytest

from sources.fetching.robots import rules_for

NAMED = """
User-agent: other
Disallow: /

user-agent : CLAIMSTRACKER  # us
User-agent: third
Disallow: /private
Allow: /private/but-this
Crawl-delay: 2.5

User-agent: *
Disallow: /everything

User-agent: claimstracker
Disallow: /also
"""


def allows(text, path):
    return rules_for("ClaimsTracker", text).allow(path)


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("/", True),
        ("/private", False),
        ("/private/a?b", False),
        ("/private/but-this", True),
        ("/everything", True),
        ("/also", False),
    ],
)
def test_the_groups_that_name_us_count_and_no_others(path, allowed):
    assert allows(NAMED, path) is allowed


def test_a_group_for_all_counts_where_none_names_us():
    text = "User-agent: ClaimsTrackerPlus\nAllow: /\nUser-agent: *\nDisallow: /"

    assert not allows(text, "/a")


def test_a_group_that_names_us_and_forbids_nothing_allows_all():
    text = "User-agent: *\nDisallow: /\n\nUser-agent: ClaimsTracker\nDisallow:"

    assert allows(text, "/a")


@pytest.mark.parametrize(
    ("rules", "path", "allowed"),
    [
        ("Disallow: /a\nAllow: /a", "/a", True),
        ("Allow: /\nDisallow: /a", "/a", False),
        ("Disallow: /", "/robots.txt", True),
        ("Disallow: /*.pdf$", "/x/a.pdf", False),
        ("Disallow: /*.pdf$", "/x/a.pdf?page=2", True),
        ("Disallow: /*/print", "/x/print/1", False),
        ("Disallow: /*/print", "/print", True),
        ("Disallow: /a$", "/a", False),
        ("Disallow: /a$", "/ab", True),
        ("Disallow: /a*b*c$", "/a-b-b-c", False),
        ("Disallow: /a*x*c", "/a-b-b-c", True),
        ("Disallow: /a*bc*c$", "/abc", True),
        ("Disallow: *", "/a", False),
        ("Disallow: /?q=", "/?q=1", False),
        ("Disallow: /%7eme", "/~me", False),
        ("Disallow: /ü", "/%C3%BC", False),
        ("Disallow: /a%2fb", "/a%2Fb", False),
        ("Disallow: /A", "/a", True),
        ("Nonsense\nDisallow /a\n: x\nSitemap: /s", "/a", True),
    ],
)
def test_the_longest_rule_decides(rules, path, allowed):
    assert allows(f"User-agent: *\n{rules}", path) is allowed


def test_rules_before_any_program_is_named_count_for_nobody():
    assert allows("Disallow: /", "/a")


@pytest.mark.parametrize(
    "text", ["", "\ufeffUser-agent: *\r\rDisallow:", "<!doctype html>", "\0" * 9]
)
def test_what_holds_no_rules_forbids_nothing(text):
    assert allows(text, "/a")


def test_rules_with_very_many_stars_are_passed_over():
    assert allows("User-agent: *\nDisallow: /" + "*a" * 100, "/" + "a" * 5000)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [("2.5", 2.5), ("3600", 30), ("-1", 0), ("soon", 0), ("nan", 0), ("inf", 30)],
)
def test_a_pause_is_honoured_up_to_half_a_minute(value, seconds):
    rules = rules_for("ClaimsTracker", f"User-agent: *\nCrawl-delay: {value}")

    assert rules.delay == seconds

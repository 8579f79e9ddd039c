"""One address for one document."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.canonical import address_key, canonical

ARTICLE = "https://example.org/2025/tax-plan"


@pytest.mark.parametrize(
    "copied",
    [
        "https://example.org/2025/tax-plan",
        "http://example.org/2025/tax-plan",
        "HTTPS://Example.ORG/2025/tax-plan",
        " https://example.org/2025/tax-plan ",
        "https://example.org:443/2025/tax-plan",
        "http://example.org:80/2025/tax-plan",
        "https://example.org./2025/tax-plan",
        "https://www.example.org/2025/tax-plan",
        "https://m.example.org/2025/tax-plan",
        "https://amp.example.org/2025/tax-plan",
        "https://www.m.example.org/2025/tax-plan",
        "https://example.org/2025/tax-plan/",
        "https://example.org/2025/tax-plan?",
        "https://example.org/2025/tax-plan#comments",
        "https://example.org/2025/tax-plan#:~:text=taxes",
        "https://example.org/2025/./x/../tax-plan",
        "https://example.org/2025/t%61x%2Dplan",
        "https://example.org/2025/tax-plan?utm_source=mail&utm_medium=x&fbclid=A1",
        "https://example.org/2025/tax-plan?UTM_Source=mail&gclid=1&mc_cid=2#top",
        "https://example.org/2025/tax-plan/amp",
        "https://example.org/2025/tax-plan/amp/",
        "https://example.org/2025/tax-plan.amp",
        "https://example.org/amp/2025/tax-plan",
        "https://example.org/2025/tax-plan?amp=1",
        "https://example.org/2025/tax-plan?amp",
        "https://example.org/2025/tax-plan?outputType=amp",
        "https://example-org.cdn.ampproject.org/c/s/example.org/2025/tax-plan",
        "https://example-org.cdn.ampproject.org/v/s/example.org/2025/tax-plan?amp_js_v=0.1",
        "https://example-org.cdn.ampproject.org/c/example.org/2025/tax-plan/amp/",
        "https://www.google.com/amp/s/www.example.org/2025/tax-plan",
        "https://www.google.co.uk/amp/s/example.org/2025/tax-plan",
    ],
)
def test_one_article_has_one_address_however_it_was_copied(copied):
    assert canonical(copied) == ARTICLE


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://example.org/?id=1", "https://example.org/?id=2"),
        ("https://example.org/a?page=2", "https://example.org/a"),
        ("https://example.org/a?ref=main", "https://example.org/a?ref=draft"),
        ("https://example.org/a?amp=57", "https://example.org/a"),
        ("https://youtube.com/watch?v=a", "https://youtube.com/watch?v=b"),
        ("https://example.org/x?s=20&t=1", "https://example.org/x"),
        ("https://example.org/tags/amp", "https://example.org/tags"),
        ("https://example.org/wiki/amp", "https://example.org/wiki"),
        ("https://example.org/A", "https://example.org/a"),
        ("https://example.org/a%2Fb", "https://example.org/a/b"),
        ("https://example.org/a?q=1%262", "https://example.org/a?q=1&2"),
        ("https://example.org/a?q=", "https://example.org/a?q"),
        ("https://example.org/?id=1&id=2", "https://example.org/?id=2&id=1"),
        ("https://example.org/#!/report/1", "https://example.org/#!/report/2"),
        ("https://example.org/#/report/1", "https://example.org/"),
        ("https://example.org:8443/a", "https://example.org/a"),
        ("https://news.example.org/a", "https://example.org/a"),
        ("https://mobile.example.org/a", "https://example.org/a"),
        ("https://faß.example/", "https://fass.example/"),
        ("https://m.de/a", "https://de/a"),
    ],
)
def test_different_documents_keep_different_addresses(one, other):
    assert canonical(one) != canonical(other)


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("https://BÜCHER.example/", "https://xn--bcher-kva.example/"),
        (
            "https://bücher.example/ä b".replace(" ", "%20"),
            "https://xn--bcher-kva.example/%C3%A4%20b",
        ),
        ("https://例え.テスト/路", "https://xn--r8jz45g.xn--zckzah/%E8%B7%AF"),
        ("https://example.org", "https://example.org/"),
        ("https://example.org/a%3ab?x=%7e%zz", "https://example.org/a%3Ab?x=~%25zz"),
        ("https://example.org/?b=2&a=1", "https://example.org/?a=1&b=2"),
        ("https://en.m.wikipedia.org/wiki/Tax", "https://en.wikipedia.org/wiki/Tax"),
        ("https://mobile.twitter.com/a/status/1?s=20", "https://twitter.com/a/status/1"),
        (
            "https://paper.blogspot.com/2024/01/a.html?m=1",
            "https://paper.blogspot.com/2024/01/a.html",
        ),
        ("http://[2001:DB8::1]:80/", "https://[2001:db8::1]/"),
        ("", ""),
        ("ftp://example.org/a", "ftp://example.org/a"),
        ("https://name:secret@example.org/", "https://name:secret@example.org/"),
    ],
)
def test_an_address_is_written_in_one_way(typed, key):
    assert canonical(typed) == key


addresses = st.builds(
    "{}://{}{}{}{}".format,
    st.sampled_from(["http", "HTTPS"]),
    st.sampled_from(
        [
            "www.m.amp.a.example",
            "m.uk",
            "a-b.cdn.ampproject.org",
            "www.google.com",
            "ü.example:80",
            "x.example:443",
            "1.2.3.4",
            "m.1.2.3.4",
            "en.m.wikipedia.org",
        ]
    ),
    st.lists(
        st.sampled_from(
            [
                "/",
                "/amp",
                "/c/s/b.example",
                "/amp/s/m.c.example",
                "/a-1",
                "/..",
                "/.",
                "/%2e%2E",
                "/%",
                "/%41",
                "/x.amp.html",
                "//",
                "/%25",
                "/ä",
                "/1.amp.amp",
            ]
        )
        | st.text(max_size=3).map("/{}".format)
    ).map("".join),
    st.sampled_from(["", "?", "?amp", "?b&a=1&utm_x", "?%61mp=1", "?q=%2541&&=", "?m=1"])
    | st.text(max_size=5).map("?{}".format),
    st.sampled_from(["", "#x", "#!/ä", "#/%41"]) | st.text(max_size=3).map("#{}".format),
)


@given(addresses | st.text())
def test_the_canonical_address_is_its_own(url):
    once = canonical(url)

    assert canonical(once) == once


@given(st.dictionaries(st.sampled_from("abcp"), st.text("abc", max_size=3)))
def test_no_parameter_that_may_tell_documents_apart_is_lost(parameters):
    query = "&".join(f"{name}={value}" for name, value in parameters.items())

    key = canonical(f"https://example.org/a?{query}")

    kept = dict(each.split("=") for each in key.partition("?")[2].split("&") if each)
    assert kept == parameters


def test_an_address_too_long_to_keep_still_tells_documents_apart():
    one, other = (f"https://example.org/{'ü' * 1500}{end}" for end in "ab")

    assert len(address_key(one)) <= 2000
    assert address_key(one) != address_key(other)

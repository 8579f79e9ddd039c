"""How much a reader loads to see a page for the first time: all of it, before compression."""

from statistics import median

import pytest

from claims.models import Claim

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

ARTICLE, CLAIM, HEAVIEST_CLAIM = 60_000, 45_000, 52_000
LOADED = "[...document.querySelectorAll('link[rel~=stylesheet],link[rel~=icon],script[src]')]"


def weight(page):
    """Return the bytes of a page with its style sheets, scripts and icons."""
    addresses = page.evaluate(f"{LOADED}.map(e => e.href || e.src)")
    assert len(addresses) == 3
    return sum(len(page.request.get(each).body()) for each in [page.url, *addresses])


def test_an_article_and_all_it_loads_stay_light(open_page, article):
    assert weight(open_page(article)) <= ARTICLE


def test_a_claim_and_all_it_loads_stay_light(open_page):
    weights = [weight(open_page(claim.get_absolute_url())) for claim in Claim.objects.visible()]

    assert median(weights) <= CLAIM
    assert max(weights) <= HEAVIEST_CLAIM

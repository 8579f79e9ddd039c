"""Claims that readers of a claim may want to read too."""

from django.core.cache import caches

from ..models import Claim
from .by_words import alike
from .reading import readable

MOST = 4
LEAST_SHARED = 0.2
"""Of the weight of a claim’s words: less is not worth a reader’s time."""
ONE_DAY = 24 * 60 * 60


def related_to(claim: Claim) -> list[Claim]:
    """Return a few visible claims much like this one, the nearest first, loaded `.for_list()`.

    By words alone: what serves readers opens no model. Which they are each process finds once a
    day; whether readers may see them is asked each time.
    """
    cache = caches["computed"]
    name = f"related:{claim.pk}"
    keys = cache.get(name)
    if keys is None:
        found = alike(readable(claim.text), MOST + 1, is_public=True)
        near = [other.claim for other in found if other.share >= LEAST_SHARED]
        keys = [key for key in near if key != claim.pk][:MOST]
        cache.set(name, keys, ONE_DAY)
    claims = Claim.objects.visible().for_list().in_bulk(keys)
    return [claims[key] for key in keys if key in claims]

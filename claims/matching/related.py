"""Claims that readers of a claim may want to read too."""

from django.core.cache import cache

from ..models import Claim
from .similar import similar_claims

MOST = 4
LEAST_ALIKE = 0.35
"""Of how much a claim is like itself: less is not worth a reader’s time."""
ONE_DAY = 24 * 60 * 60


def related_to(claim: Claim) -> list[Claim]:
    """Return a few visible claims much like this one, the nearest first, loaded `.for_list()`.

    Which they are is found once a day; whether readers may see them is asked each time.
    """
    name = f"related:{claim.pk}"
    keys = cache.get(name)
    if keys is None:
        keys = _keys_of_related(claim)
        cache.set(name, keys, ONE_DAY)
    claims = Claim.objects.visible().for_list().in_bulk(keys)
    return [claims[key] for key in keys if key in claims]


def _keys_of_related(claim: Claim) -> list[int]:
    found = similar_claims(claim.text, MOST + 1)
    itself = next((match.score for match in found if match.claim.pk == claim.pk), None)
    if not itself:
        return []
    others = [match for match in found if match.claim.pk != claim.pk]
    return [match.claim.pk for match in others if match.score / itself >= LEAST_ALIKE][:MOST]

"""Give every claim of a bench's database a made-up meaning, to measure matching among many.

    python -m bench.make_meanings --database-url sqlite:///var/bench/desk-1000000.sqlite3

The model would take hours for a million claims. How long a comparison takes does not depend on the
numbers: each claim gets two vectors of the model's length that point anywhere.
"""

import argparse
import os
import sys

BATCH = 5000


def main() -> None:
    """Fill in the vectors that are due, a batch at a time."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--database-url", help="DATABASE_URL unless given")
    parser.add_argument("--seed", type=int, default=7)
    asked = parser.parse_args()
    if asked.database_url:
        os.environ["DATABASE_URL"] = asked.database_url
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.testing")
    import django

    django.setup()
    fill(asked.seed)


def fill(seed: int) -> None:
    """Replace what is due by made-up vectors."""
    import numpy as np
    from django.db import transaction

    from claims import embedding
    from claims.models import ClaimMeaning

    from .tables import fast_writing

    numbers = np.random.default_rng(seed)
    due = ClaimMeaning.objects.due(embedding.MODEL).order_by("pk")
    done = 0
    with fast_writing():
        while claims := dict(due.values_list("pk", "claim")[:BATCH]):
            vectors = numbers.standard_normal((len(claims), 2, embedding.DIMENSIONS), np.float32)
            vectors /= np.linalg.norm(vectors, axis=2, keepdims=True)
            with transaction.atomic():
                ClaimMeaning.objects.filter(pk__in=claims).delete()
                ClaimMeaning.objects.bulk_create(
                    ClaimMeaning(claim_id=claim, model=embedding.MODEL, vectors=found.tobytes())
                    for claim, found in zip(
                        claims.values(), vectors.astype(np.float16), strict=True
                    )
                )
            done += len(claims)
            print(f"\r{done:,} claims", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)


if __name__ == "__main__":
    main()

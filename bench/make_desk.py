"""Fill an empty tracker with a desk that was used a lot.

    python -m bench.make_desk --claims 1000000 --open-reviews 100000 --database-url sqlite:///big.db

The same numbers and the same seed make the same rows.
"""

import argparse
import os
import sys
import time
from random import Random


def arguments() -> argparse.Namespace:
    """Return what was asked for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--claims", type=int, required=True)
    parser.add_argument("--open-reviews", type=int, help="a tenth of the claims unless given")
    parser.add_argument("--database-url", help="DATABASE_URL unless given")
    parser.add_argument("--seed", type=int, default=7)
    return parser.parse_args()


def main() -> None:
    """Migrate the database, refuse to go on unless it is empty, and fill it."""
    asked = arguments()
    if asked.database_url:
        os.environ["DATABASE_URL"] = asked.database_url
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.testing")
    import django

    django.setup()
    fill(asked.claims, asked.open_reviews or asked.claims // 10, asked.seed)


def fill(claims: int, open_reviews: int, seed: int) -> None:
    """Fill the database of the settings. Exits with a sentence unless it is empty."""
    from django.core.management import call_command

    from accounts.models import User
    from claims.models import Claim
    from claims.search import index

    from .newsroom import Desk, Plan
    from .tables import fast_writing

    call_command("migrate", verbosity=0)
    if Claim.objects.exists() or User.objects.exists():
        sys.exit("This database is not empty. Name a new one: rows are never mixed with yours.")
    begun = time.monotonic()
    with fast_writing():
        for done in Desk(Plan(claims, open_reviews, Random(seed))).make():
            seconds = time.monotonic() - begun
            print(f"\r{done:,} of {claims:,} claims, {seconds:.0f} s", end="", flush=True)
    index.rebuild(tell=lambda done: print(f"\r{done:,} claims indexed     ", end="", flush=True))
    print()


if __name__ == "__main__":
    main()

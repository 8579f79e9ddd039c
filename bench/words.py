"""Made-up words for made-up rows: sentences, names, and draws that favour the first of a list."""

import bisect
import itertools
from collections.abc import Sequence
from random import Random

COMMON, RARE = "tax", "quokka"
"""A word that about every twentieth claim holds, and one that only twelve of the newest hold."""

FIRST = "Ada Amara Anders Bianca Carmen Chidi Diego Elif Fiona Hana Ines Kenji Leila Milan".split()
LAST = "Adeyemi Banerjee Costa Dubois Eriksen Farah Gupta Horvat Ivanov Kovac Moreau Okafor".split()
TOPICS = "economy health schools crime elections energy climate jobs housing transport".split()
SUBJECTS = (
    "the state government|our governor|the city council|the opposition|every family|most voters|"
    "the company|our schools|the union|local police|the central bank|farmers"
).split("|")
VERBS = (
    "raised|cut|spent|voted to raise|lost|created|refused to fund|doubled|ended|blocked|sold"
).split("|")
OBJECTS = (
    "jobs|the budget|health care|the tax on income|public spending|the deficit|school funding|"
    "energy prices|the minimum wage|public debt|housing costs|oil imports|pensions|crime rates|"
    "farm subsidies|student loans|wages|rents|fares|hospital beds"
).split("|")
ENDS = (
    "by {n} percent|since {y}|in the last {s} years|more than any other state|"
    "for the first time since {y}|to the tune of {n} million|while wages fell {s} percent"
).split("|")


class Zipf:
    """Draws from a list: what stands first comes often, what stands last seldom."""

    def __init__(self, items: Sequence[int], flatness: float = 2.7) -> None:
        self.items = items
        weights = (1 / (place + flatness) for place in range(len(items)))
        self.sums = list(itertools.accumulate(weights))

    def __call__(self, random: Random) -> int:
        """Return one of the items."""
        return self.items[bisect.bisect_left(self.sums, random.random() * self.sums[-1])]


def sentence(random: Random) -> str:
    """Return a statement such as “The union doubled rents since 1987.”"""
    end = random.choice(ENDS).format(
        n=random.randint(1, 900), y=random.randint(1960, 2025), s=random.randint(2, 30)
    )
    words = [random.choice(SUBJECTS), random.choice(VERBS), random.choice(OBJECTS), end]
    text = " ".join(words)
    return f"{text[0].upper()}{text[1:]}."


def name(random: Random, number: int) -> str:
    """Return the name of a person that no other number has."""
    return f"{random.choice(FIRST)} {random.choice(LAST)} {number}"

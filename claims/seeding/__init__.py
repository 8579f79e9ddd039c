"""Filling a new tracker: the scale, the roles, and the seed article with its claims."""

from .checking import SeedError
from .loading import PARTS, Outcome, load

__all__ = ["PARTS", "Outcome", "SeedError", "load"]

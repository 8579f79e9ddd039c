"""Where reviewers work. Which row, which field and which verb; no rule is decided here."""

from . import claim, history, review

__all__ = ["claim", "history", "review"]

"""Where reviewers work. Which row, which field and which verb; no rule is decided here."""

from . import claim, history, note, review

__all__ = ["claim", "history", "note", "review"]

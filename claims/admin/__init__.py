"""Where reviewers work. Which row, which field and which verb; no rule is decided here."""

from . import about, blind, claim, history, note, passage, review, risk, speaker

__all__ = ["about", "blind", "claim", "history", "note", "passage", "review", "risk", "speaker"]

"""What tells who a confidential source is, in a table of its own."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.history import Remembered, edit_history

from .documents import Source


class PrivateDetail(Remembered):
    """What tells who a confidential source is. It never leaves the newsroom.

    Not a field of the source, so that nothing that reads sources can carry it along.
    """

    source = models.OneToOneField(
        Source,
        verbose_name=_("source"),
        on_delete=models.CASCADE,
        related_name="private_detail",
    )
    text = models.TextField(
        _("private detail"),
        help_text=_(
            "Who it is, how to reach them, what was agreed. Only those whose role lets them read "
            "this do; it is in no search, no mail and no log."
        ),
    )

    history = edit_history(child_of="source")

    class Meta:
        verbose_name = _("private detail")
        verbose_name_plural = _("private detail")
        # Who may change it may also write and remove it.
        default_permissions = ("view", "change")

    def __str__(self) -> str:
        return gettext("Private detail")  # what it says would come into the log of the admin

    def clean(self) -> None:
        """Refuse it beside a source that is not confidential."""
        if not self.source.is_confidential:
            raise ValidationError(
                {
                    "text": _(
                        "Only a confidential source has a private detail. Mark it as one first."
                    )
                }
            )

"""The people of the newsroom."""

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _


class User(AbstractUser):
    """Somebody who works on claims, with what readers may know of them."""

    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    display_name = models.CharField(
        _("display name"),
        max_length=150,
        blank=True,
        help_text=_("The name readers see under a verdict. Without one they see the username."),
    )
    bio = models.TextField(
        _("public bio"),
        max_length=600,
        blank=True,
        help_text=_("Two or three sentences for readers: what you know and where you worked."),
    )
    interests = models.TextField(
        _("declared interests"),
        max_length=2000,
        blank=True,
        help_text=_(
            "Employers, holdings, memberships and people close to you that a reader would want "
            "to know about, one on a line. Readers see them."
        ),
    )

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")

    def __str__(self) -> str:
        return self.display_name or self.username

    def get_full_name(self) -> str:
        """Return the name readers see."""
        return str(self)

    def get_short_name(self) -> str:
        """Return the name readers see."""
        return str(self)

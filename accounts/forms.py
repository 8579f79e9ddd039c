"""What people fill in about their own accounts."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.forms import AddEmailForm, LoginForm
from django.contrib.auth.forms import UserCreationForm
from django.utils.translation import gettext_lazy as _

from .models import User


class SignInForm(LoginForm):
    """Username or e-mail, and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("Username or e-mail")
        self.fields["login"].widget.attrs["autocomplete"] = "username"
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)


class ChangeEmailForm(AddEmailForm):
    """Another e-mail for an account, which nobody else has."""

    def clean_email(self) -> str:
        """Refuse an address of somebody else, also one that was never proved."""
        email: str = super().clean_email()
        if User.objects.exclude(pk=self.user.pk).filter(email=email).exists():
            raise get_adapter().validation_error("email_taken")
        return email


class AcceptForm(UserCreationForm):
    """What somebody who was invited chooses."""

    class Meta:
        model = User
        fields = ["username", "display_name"]

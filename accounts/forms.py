"""What people fill in about their own accounts."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.forms import AddEmailForm, LoginForm
from allauth.account.models import EmailAddress
from allauth.mfa.base.forms import AuthenticateForm
from django.contrib.auth.forms import UserCreationForm
from django.http import HttpRequest
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


class CodeForm(AuthenticateForm):
    """The code that comes after the password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        code = self.fields["code"]
        code.help_text = _("From your authenticator app, or one of your recovery codes.")
        code.widget.attrs = {"autocomplete": "one-time-code", "inputmode": "numeric"}


class ChangeEmailForm(AddEmailForm):
    """Another e-mail for an account, which nobody else has."""

    def clean_email(self) -> str:
        """Refuse an address of somebody else, also one that was never proved."""
        email: str = super().clean_email()
        if User.objects.exclude(pk=self.user.pk).filter(email=email).exists():
            raise get_adapter().validation_error("email_taken")
        return email

    def save(self, request: HttpRequest) -> EmailAddress:
        """Ask the new address for its proof, and keep the old one until then.

        The old one came from an invitation or an administrator; allauth would drop it as unproved.
        """
        old = EmailAddress.objects.filter(user=self.user, email=self.user.email)
        old.update(verified=True, primary=True)
        return super().save(request)


class AcceptForm(UserCreationForm):
    """What somebody who was invited chooses."""

    class Meta:
        model = User
        fields = ["username", "display_name"]

"""What people fill in about their own accounts."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.forms import AddEmailForm, LoginForm
from allauth.account.models import EmailAddress
from allauth.mfa.base.forms import AuthenticateForm
from django import forms
from django.contrib.auth.forms import UserCreationForm
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from .models import MailKind, User


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


class WantedMailForm(forms.ModelForm[User]):
    """The check boxes of which mail a person wants. Mix it into any form of a person.

    The field is `wanted_mail`; saving the form stores the kinds that were not ticked, so that a
    kind that is new is wanted until somebody says otherwise.
    """

    wanted_mail = forms.MultipleChoiceField(
        label=_("Mail me when"),
        choices=MailKind.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("wanted_mail", self.instance.wanted_mail)

    def clean(self) -> dict[str, Any] | None:
        """Turn what is wanted into what is switched off."""
        cleaned = super().clean()
        if "wanted_mail" in self.cleaned_data:
            wanted = self.cleaned_data["wanted_mail"]
            self.instance.muted_mail = [kind for kind in MailKind.values if kind not in wanted]
        return cleaned

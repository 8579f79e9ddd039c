"""Parts of forms about people, for the admin and the profile."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from .models import MailKind, User


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

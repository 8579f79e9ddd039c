"""What readers fill in, and what keeps programs from filling it in."""

from datetime import timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.signing import BadSignature, SignatureExpired, TimestampSigner
from django.utils.translation import gettext_lazy as _

from .models import LONGEST

SHORTEST_TIME = timedelta(seconds=3)
"""Nobody reads the form and writes a sentence in less."""
LONGEST_TIME = timedelta(days=1)

_SIGNER = TimestampSigner(salt="tips.stamp")


class Words(forms.CharField):
    """Text of a reader, its lines ended as browsers count them: by one character."""

    def __init__(self, *, rows: int, **options: Any) -> None:
        look = {"class": "in", "rows": rows, "autocomplete": "off"}
        super().__init__(max_length=LONGEST, widget=forms.Textarea(attrs=look), **options)
        self.error_messages["max_length"] = _(
            "Use %(limit_value)d characters or fewer. It has %(show_value)d now."
        )

    def to_python(self, value: Any) -> str:
        """Return the text with its line ends made one character each."""
        return (super().to_python(value) or "").replace("\r\n", "\n")


class CorrectionRequestForm(forms.Form):
    """What is wrong with a verdict, and what shows it."""

    wrong = Words(
        rows=6,
        label=_("What is wrong?"),
        help_text=_("What should we change, and why? A sentence or two is enough."),
        error_messages={"required": _("Tell us what is wrong.")},
    )
    shows = Words(
        rows=3,
        label=_("What shows it?"),
        help_text=_("A link to a document, or where to find it."),
        required=False,
    )
    website = forms.CharField(
        label=_("Leave this empty"),
        required=False,
        help_text=_("It is here for programs that fill in everything."),
        widget=forms.TextInput(attrs={"class": "in", "autocomplete": "off", "tabindex": "-1"}),
    )
    stamp = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, version: int, **kwargs: Any) -> None:
        """Begin the form of somebody who has a version of a verdict, by its key, before them."""
        super().__init__(*args, **kwargs)
        self.version = version
        self.initial["stamp"] = _SIGNER.sign(str(version))

    def clean_website(self) -> str:
        """Refuse what only a program would fill in."""
        if self.cleaned_data["website"]:
            raise ValidationError(_("Empty this field, then send again."), code="filled")
        return ""

    def clean(self) -> dict[str, Any]:
        """Look when the form was opened; the version that was before the reader then counts."""
        said = super().clean() or self.cleaned_data
        try:
            self.version = self._version_of(said.get("stamp", ""))
        except BadSignature:
            self._stamp_anew()
            self.add_error(
                None, _("This page was open for too long. Read your words again, then send them.")
            )
        return said

    def _version_of(self, stamp: str) -> int:
        """Return the version that a stamp names. Raises BadSignature when it is none, or old."""
        version = int(_SIGNER.unsign(stamp, max_age=LONGEST_TIME))
        if not self.errors and _is_younger_than(SHORTEST_TIME, stamp):
            self.add_error(None, _("That was very quick. Read your words again, then send them."))
        return version

    def _stamp_anew(self) -> None:
        typed = {name: self.data.get(name, "") for name in self.fields}
        self.data = {**typed, "stamp": self.initial["stamp"]}


def _is_younger_than(age: timedelta, stamp: str) -> bool:
    try:
        _SIGNER.unsign(stamp, max_age=age)
    except SignatureExpired:
        return False
    return True

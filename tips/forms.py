"""What readers fill in, and what keeps programs from filling it in."""

from datetime import timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.signing import BadSignature, SignatureExpired, TimestampSigner
from django.utils.translation import gettext_lazy as _

from .models import LONGEST, LONGEST_SAID

SHORTEST_TIME = timedelta(seconds=3)
"""Nobody reads the form and writes a sentence in less."""
LONGEST_TIME = timedelta(days=1)

TOO_LONG = _("Use %(limit_value)d characters or fewer. It has %(show_value)d now.")

_SIGNER = TimestampSigner(salt="tips.stamp")


class Words(forms.CharField):
    """Text of a reader, its lines ended as browsers count them: by one character."""

    def __init__(self, *, rows: int, max_length: int = LONGEST, **options: Any) -> None:
        look = {"class": "in", "rows": rows, "autocomplete": "off"}
        super().__init__(max_length=max_length, widget=forms.Textarea(attrs=look), **options)
        self.error_messages["max_length"] = TOO_LONG

    def to_python(self, value: Any) -> str:
        """Return the text with its line ends made one character each."""
        return (super().to_python(value) or "").replace("\r\n", "\n")


class Line(forms.CharField):
    """A line of a reader."""

    def __init__(self, **options: Any) -> None:
        look = {"class": "in", "autocomplete": "off"}
        super().__init__(widget=forms.TextInput(attrs=look), **options)
        self.error_messages["max_length"] = TOO_LONG


class Guarded(forms.Form):
    """A form that a reader fills in, and that a program fills in badly.

    A field that nobody sees stays empty, and a stamp says when the form was opened and about what.
    """

    website = forms.CharField(
        label=_("Leave this empty"),
        required=False,
        help_text=_("It is here for programs that fill in everything."),
        widget=forms.TextInput(attrs={"class": "in", "autocomplete": "off", "tabindex": "-1"}),
    )
    stamp = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, about: int = 0, **kwargs: Any) -> None:
        """Begin the form of somebody who has something, by its key, before them."""
        super().__init__(*args, **kwargs)
        self.about = about
        self.initial["stamp"] = _SIGNER.sign(str(about))

    def clean_website(self) -> str:
        """Refuse what only a program would fill in."""
        if self.cleaned_data["website"]:
            raise ValidationError(_("Empty this field, then send again."), code="filled")
        return ""

    def clean(self) -> dict[str, Any]:
        """Look when the form was opened; what was before the reader then counts."""
        said = super().clean() or self.cleaned_data
        try:
            self.about = self._told_by(said.get("stamp", ""))
        except BadSignature:
            self._stamp_anew()
            self.add_error(
                None, _("This page was open for too long. Read your words again, then send them.")
            )
        return said

    def _told_by(self, stamp: str) -> int:
        """Return what a stamp is about. Raises BadSignature when it is none, or old."""
        about = int(_SIGNER.unsign(stamp, max_age=LONGEST_TIME))
        if not self.errors and _is_younger_than(SHORTEST_TIME, stamp):
            self.add_error(None, _("That was very quick. Read your words again, then send them."))
        return about

    def _stamp_anew(self) -> None:
        typed = {name: self.data.get(name, "") for name in self.fields}
        self.data = {**typed, "stamp": self.initial["stamp"]}


class CorrectionRequestForm(Guarded):
    """What is wrong with a verdict, and what shows it; `about` is the version, by its key."""

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


class SuggestionForm(Guarded):
    """What a reader heard, and where."""

    said = Words(
        rows=4,
        max_length=LONGEST_SAID,
        label=_("What was said?"),
        help_text=_("The exact words if you have them. One claim at a time."),
        error_messages={"required": _("Tell us what was said.")},
    )
    who = Line(max_length=200, label=_("Who said it?"), help_text=_("If you know."), required=False)
    where = Line(
        max_length=1000,
        label=_("Where can we see or hear it?"),
        help_text=_("A link to a page, post or video. Without one, say where you met it."),
        error_messages={"required": _("Tell us where you met it: a link, a programme, a leaflet.")},
    )
    when = Line(max_length=100, label=_("When was it said?"), required=False)
    shows = Words(rows=3, label=_("Do you know of evidence?"), required=False)


def _is_younger_than(age: timedelta, stamp: str) -> bool:
    try:
        _SIGNER.unsign(stamp, max_age=age)
    except SignatureExpired:
        return False
    return True


class MailForm(forms.Form):
    """Where to write to."""

    address = forms.EmailField(
        label=_("E-mail"),
        max_length=254,
        help_text=_("We use it for this alone, and forget it once all is told."),
        widget=forms.EmailInput(attrs={"class": "in", "autocomplete": "email"}),
        error_messages={"required": _("Tell us where to write to.")},
    )

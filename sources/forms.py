"""The form of a source, which says when the document is here already."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .fetching import SENTENCES
from .finding import source_at, source_led_to, sources_like
from .models import Source


class SourceForm(forms.ModelForm[Source]):
    """A source to add or to change.

    Another source at the same address is an error that links to it. One whose title is much alike,
    or to which the address once led, is a question that the person answers with a checkbox.
    """

    is_another = forms.BooleanField(
        label=gettext_lazy("it is another document"),
        required=False,
        widget=forms.HiddenInput,
        help_text=gettext_lazy("You looked at the sources named above, and this is none of them."),
    )

    class Meta:
        error_messages = {"url": {"invalid": SENTENCES["address"]}}

    def clean_url(self) -> str:
        """Refuse the address of a document that is here already, with a link to it."""
        url: str = self.cleaned_data["url"]
        found = source_at(url) if "url" in self.changed_data else None
        if found is not None and found.pk != self.instance.pk:
            raise ValidationError(
                format_html(
                    _("A source with this address exists already. Use that one: {}"), _link(found)
                ),
                code="exists",
            )
        return url

    def clean(self) -> dict[str, Any] | None:
        """Ask whether it is another document than those much like it, once."""
        cleaned = super().clean()
        is_answered = bool(self.errors) or self.cleaned_data["is_another"]
        if not is_answered and (likely := self._likely()):
            self.fields["is_another"].widget = forms.CheckboxInput()
            self.add_error("is_another", _question(likely))
        return cleaned

    def _likely(self) -> list[Source]:
        """Return the sources that may be the same document, without this one."""
        found: list[Source] = []
        if self.cleaned_data["url"] and "url" in self.changed_data:
            led_to = source_led_to(self.cleaned_data["url"])
            found += [led_to] if led_to else []
        if self.instance._state.adding:
            found += sources_like(self.cleaned_data["title"])
        return [row for row in dict.fromkeys(found) if row.pk != self.instance.pk]


def _question(sources: Iterable[Source]) -> SafeString:
    links = format_html_join(", ", "{}", ((_link(source),) for source in sources))
    return format_html(
        _("Is it one of these? Then use that one. If not, tick the box and save again: {}"), links
    )


def _link(source: Source) -> SafeString:
    address = reverse("admin:sources_source_change", args=[source.pk])
    return format_html('<a href="{}">{}</a>', address, source.title)

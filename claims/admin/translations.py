"""How the words of a rating are entered in the other languages of the site."""

from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _

from claims.models.rating import TRANSLATED, Rating, validate_translations

LABELS = {"alternate_name": _("word"), "definition": _("definition"), "test": _("test")}


def others() -> list[str]:
    """Return the languages in which a rating can be translated."""
    return [code for code, _name in settings.LANGUAGES if code != settings.LANGUAGE_CODE]


def _places() -> list[tuple[str, str]]:
    return [(code, name) for code in others() for name in TRANSLATED]


class TranslationsWidget(forms.MultiWidget):
    """The fields of each language, below its name."""

    template_name = "claims/translations.html"

    def __init__(self) -> None:
        made: dict[str, forms.Widget | type[forms.Widget]] = {}
        for code, name in _places():
            attrs = {"lang": code, "dir": "rtl" if get_language_info(code)["bidi"] else "ltr"}
            is_word = name == "alternate_name"
            made[f"{code}_{name}"] = (
                forms.TextInput(attrs | {"maxlength": TRANSLATED[name]})
                if is_word
                else forms.Textarea(attrs | {"rows": 2, "class": "vLargeTextField"})
            )
        super().__init__(made)

    def decompress(self, value: Any) -> list[str]:
        """Return what stands in each field."""
        return [(value or {}).get(code, {}).get(name, "") for code, name in _places()]

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        """Group the fields by language."""
        context = super().get_context(name, value, attrs)
        fields = iter(context["widget"]["subwidgets"])
        context["languages"] = [
            {
                "name": get_language_info(code)["name_translated"],
                "fields": [(LABELS[each], next(fields)) for each in TRANSLATED],
            }
            for code in others()
        ]
        return context


class TranslationsField(forms.MultiValueField):
    """The words of a rating by language; a language without any is left out."""

    widget = TranslationsWidget

    def __init__(self, **kwargs: Any) -> None:
        fields = [
            forms.CharField(required=False, max_length=TRANSLATED[name])
            for _code, name in _places()
        ]
        allowed = {
            name: kwargs[name] for name in ("label", "help_text", "initial") if name in kwargs
        }
        super().__init__(fields, require_all_fields=False, required=False, **allowed)

    def compress(self, data_list: list[str]) -> dict[str, dict[str, str]]:
        """Return the words by language and field. Raises ValidationError where the word lacks."""
        words: dict[str, dict[str, str]] = {}
        for (code, name), said in zip(_places(), data_list, strict=False):
            if said:
                words.setdefault(code, {})[name] = said
        validate_translations(words)
        return words


class RatingForm(forms.ModelForm):
    """A rating, with its words in every language."""

    class Meta:
        model = Rating
        exclude: ClassVar[list[str]] = []
        field_classes = {"translations": TranslationsField}

"""Autocompletes that ask the database for no label that their row has loaded already."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelect
from django.db import models
from django.http import HttpRequest


class ChosenSelect(AutocompleteSelect):
    """An autocomplete that may know the row that is chosen: `chosen`."""

    chosen: models.Model | None = None

    def optgroups(self, name: str, value: Any, attr: Any = None) -> Any:
        """Return the one option that stands there; more come while somebody types."""
        chosen = self.chosen
        if chosen is None or [str(each) for each in value] != [str(chosen.pk)]:
            return super().optgroups(name, value, attr)
        options = [self.create_option(name, chosen.pk, str(chosen), True, 0)]
        if not self.is_required:
            options.insert(0, self.create_option(name, "", "", False, 0))
        return [(None, options, 0)]


class ChosenForm(forms.ModelForm):
    """A form that tells its autocompletes which rows were loaded with it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            widget = getattr(field.widget, "widget", field.widget)
            if isinstance(widget, ChosenSelect):
                relation: Any = self._meta.model._meta.get_field(name)
                is_loaded = relation.is_cached(self.instance)
                widget.chosen = getattr(self.instance, name) if is_loaded else None


class ChosenInline(admin.StackedInline):
    """Rows below a form whose autocompletes cost no query each."""

    form = ChosenForm
    select_related: tuple[str, ...] = ()
    """What the labels of the autocompletes are made of."""

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        """Load the chosen rows with the rows."""
        return super().get_queryset(request).select_related(*self.select_related)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Return the field, with our autocomplete where it has one."""
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs["widget"] = ChosenSelect(db_field, self.admin_site, using=kwargs.get("using"))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

"""The parts of a claim’s page: its passages, whom we asked, the draft and its sources."""

from functools import partial
from typing import Any

from django.contrib import admin
from django.contrib.admin.checks import InlineModelAdminChecks
from django.db.models import QuerySet
from django.forms import modelformset_factory
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from claims import blind
from claims.models import Appearance, ContactAttempt, Evidence, Review

from .chosen import ChosenInline
from .forms import (
    EVIDENCE_FIELDS,
    EVIDENCE_LABELS,
    GATE_FIELDS,
    VERDICT_FIELDS,
    DraftEvidenceFormSet,
    ReviewForm,
    draft_for,
)

INLINE_APPEARANCE_FIELDS = [
    ("snapshot", "start"), "exact", ("attribution", "speaker_role", "reported_by"),
    "attribution_note", "rewords",
]  # fmt: skip


class AppearanceInline(ChosenInline):
    """Where the claim was made."""

    model = Appearance
    fk_name = "claim"
    extra = 0
    autocomplete_fields = ["snapshot", "rewords"]
    select_related = ("snapshot__source", "rewords")
    fields = INLINE_APPEARANCE_FIELDS


class ContactAttemptInline(admin.StackedInline):
    """Who was asked about the claim, and what they answered."""

    model = ContactAttempt
    extra = 0
    can_delete = False
    fields = ["asked", "asked_on", "how", "deadline_on", "answer", "answered_on"]


class DraftInline(admin.StackedInline):
    """The draft of the verdict, on the page of its claim."""

    model = Review
    form = ReviewForm
    extra = 0
    can_delete = False
    fields = [*VERDICT_FIELDS, *GATE_FIELDS]
    verbose_name_plural = _("verdict")
    template = "admin/claims/draft_inline.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Review]:
        """Keep the draft, for whom it is not hidden."""
        drafts = super().get_queryset(request).filter(status=Review.Status.DRAFT)
        return drafts.exclude(pk__in=blind.hidden_from(request.user))

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Say no: a review begins with the button."""
        return False


class NoRelationChecks(InlineModelAdminChecks):
    """The checks of an inline whose rows hang on the claim by its draft, not by a field."""

    def _check_exclude_of_parent_model(self, obj: Any, parent_model: Any) -> list[Any]:
        return []

    def _check_relation(self, obj: Any, parent_model: Any) -> list[Any]:
        return []


class DraftEvidenceInline(ChosenInline):
    """The sources of the draft and what they show, on the page of the claim."""

    model = Evidence
    checks_class = NoRelationChecks
    formset = DraftEvidenceFormSet
    extra = 0
    select_related = EVIDENCE_LABELS
    autocomplete_fields = ["source", "snapshot"]
    radio_fields = {"stance": admin.HORIZONTAL}
    fields = EVIDENCE_FIELDS
    verbose_name_plural = _("sources of the draft")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Evidence]:
        """Return what the formset chooses from; whether it is shown was asked for the claim."""
        return Evidence.objects.select_related(*self.select_related)

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        """Return the formset of the draft’s evidence."""
        may_remove = self.has_delete_permission(request, obj)
        return modelformset_factory(
            self.model,
            form=self.form,
            formset=self.formset,
            fields=self.fields,
            formfield_callback=partial(self.formfield_for_dbfield, request=request),
            extra=self.extra,
            can_delete=self.can_delete and may_remove,
        )

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Say whether evidence may be added: only to a draft."""
        return draft_for(request, obj) is not None and super().has_add_permission(request, obj)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Say whether the part is shown: only when there is a draft."""
        return draft_for(request, obj) is not None and super().has_view_permission(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Say whether evidence may be changed: only in a draft."""
        return draft_for(request, obj) is not None and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Say whether evidence may be removed: only from a draft."""
        return draft_for(request, obj) is not None and super().has_delete_permission(request, obj)

"""The page of the admin that shows the history of a row: what its “History” button opens."""

from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.contrib.auth import get_permission_codename
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from .edits import Edits
from .history import Remembered
from .timeline import Place, Strand, place_in, timeline


class HistoryAdmin(admin.ModelAdmin):
    """A model whose rows show their edits, if those are remembered."""

    def strands(self, request: HttpRequest, obj: Any) -> Sequence[Strand]:
        """Return what the history of a row is made of."""
        return [Edits(self.model, id=obj.pk)]

    def may_see_history(self, request: HttpRequest, obj: Any) -> bool:
        """Say whether the person may see the history of a row."""
        return self.has_view_or_change_permission(request, obj)

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> Any:
        """Show a page of the history of a row, newest first."""
        obj = self.get_object(request, unquote(object_id))
        if obj is None or not isinstance(obj, Remembered):
            return super().history_view(request, object_id, extra_context)
        if not self.may_see_history(request, obj):
            raise PermissionDenied
        return self._history_page(request, obj, extra_context or {})

    def _history_page(
        self, request: HttpRequest, obj: Any, extra_context: dict[str, Any]
    ) -> HttpResponse:
        before = _before(request)
        strands = [each for each in self.strands(request, obj) if _may_view(request, each)]
        entries, older = timeline(strands, before)
        context = {
            **self.admin_site.each_context(request),
            "title": _("History: %(row)s") % {"row": obj},
            "module_name": capfirst(self.opts.verbose_name_plural),
            "object": obj,
            "opts": self.opts,
            "entries": entries,
            "older": older,
            "is_first": before is None,
            **extra_context,
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, "admin/edit_history.html", context)


def _before(request: HttpRequest) -> Place | None:
    """Return the place before which the page begins. Raises Http404 when there is no such page."""
    asked = request.GET.get("before")
    if asked is None:
        return None
    try:
        return place_in(asked)
    except (ValueError, OverflowError):
        raise Http404(_("There is no such page of this history. Begin at its newest.")) from None


def _may_view(request: HttpRequest, strand: Strand) -> bool:
    """Say whether the person may see rows of the kind that the strand tells of."""
    options: Any = strand.model._meta
    return any(
        request.user.has_perm(f"{options.app_label}.{get_permission_codename(what, options)}")
        for what in ("view", "change")
    )

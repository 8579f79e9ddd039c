"""A kept copy: what a source said on a day, as text, and the file of what was received.

What was received is never served as a page of this site: it could hold scripts.
"""

from typing import Any

from csp.decorators import csp_replace
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.generic import DetailView, View

from claims import visibility
from claims.highlighting import mark_up
from claims.quoting import quotations
from sources import archive, warc
from sources.models import Snapshot


def _copies_of(source: int) -> QuerySet[Snapshot]:
    return visibility.visible_copies().filter(source=source)


class CopyDetail(DetailView):  # type: ignore[type-arg]
    """What did the source say, and which words did we rely on?"""

    template_name = "claims/copy_page.html"
    context_object_name = "copy"

    def get_queryset(self) -> QuerySet[Snapshot]:
        return _copies_of(self.kwargs["source"]).select_related("source__publisher")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        quoted = quotations(self.object)
        return super().get_context_data(
            source=self.object.source,
            quoted=quoted,
            paragraphs=mark_up(self.object.text, quoted),
            **kwargs,
        )


@method_decorator(csp_replace({"sandbox": True}), name="dispatch")
class CopyFile(View):
    """The WARC file of a copy, to be saved: no browser opens it here."""

    def get(self, request: HttpRequest, source: int, pk: int) -> FileResponse:
        snapshot = get_object_or_404(_copies_of(source).exclude(file="").defer("text"), pk=pk)
        try:
            file = archive.storage().open(snapshot.file)
        except FileNotFoundError:
            raise Http404(_("The file of this copy is missing.")) from None
        name = f"source-{source}-copy-{pk}.warc.gz"
        response = FileResponse(
            file, as_attachment=True, filename=name, content_type=warc.CONTENT_TYPE
        )
        response["X-Content-Type-Options"] = "nosniff"
        response["X-Robots-Tag"] = "noindex"
        return response

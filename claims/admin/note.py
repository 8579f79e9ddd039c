"""What colleagues write to each other: on the page of the claim, and over all claims."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.conflicts import ConflictAdmin
from accounts.read_only import ReadOnlyAdmin
from claims import notes
from claims.models import Claim, Note

from .forms import NoteForm


@admin.register(Note)
class NoteAdmin(ReadOnlyAdmin):
    """Notes on all claims. They are written on the page of the claim."""

    list_display = ["claim", "by", "beginning", "at"]
    list_select_related = ["claim", "by"]
    search_fields = ["text", "claim__text", "by__username", "by__display_name"]
    fields = ["claim", "by", "at", "text", "mentions"]

    @admin.display(description=gettext_lazy("text"))
    def beginning(self, note: Note) -> str:
        """Return as much of the text as fits a line of the list."""
        return Truncator(note.text).chars(300)


class NotesAdmin(ConflictAdmin):
    """Adds to the page of a claim its notes, and the form of a new one with its own address."""

    def get_urls(self) -> list[URLPattern]:
        """Add the address that a new note is posted to."""
        view = self.admin_site.admin_view(self.note_view)
        return [path("<int:pk>/note/", view, name="claims_claim_note"), *super().get_urls()]

    def page_context(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        """Add the last notes, and an empty form."""
        context = super().page_context(request, row)
        if request.user.has_perm("claims.view_note"):
            context["notes"] = [(note, notes.pieces(note)) for note in notes.latest(row)]
            context["note_form"] = NoteForm()
        return context

    def note_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Write a note, or show the form again with what was typed and why it will not do."""
        claim = self.get_object(request, str(pk))
        if claim is None or not self.has_view_permission(request, claim):
            raise Http404
        if not request.user.has_perm("claims.add_note"):
            raise PermissionDenied
        form = NoteForm(request.POST or None)
        if form.is_valid() and self._write(request, claim, form):
            return redirect(f"{reverse('admin:claims_claim_change', args=[pk])}#notes")
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "claim": claim,
            "title": _("Write a note"),
            "note_form": form,
        }
        status = 400 if form.is_bound else 200
        return TemplateResponse(request, "admin/claims/note.html", context, status=status)

    def _write(self, request: HttpRequest, claim: Claim, form: NoteForm) -> bool:
        """Say whether the note was written, and tell the person whom it did not reach."""
        person: Any = request.user
        try:
            _note, missing = notes.write(claim, by=person, text=form.cleaned_data["text"])
        except ValidationError as refusal:
            form.add_error(None, refusal)
            return False
        self.message_user(request, _("The note is kept."), messages.SUCCESS)
        if missing:
            names = ", ".join(f"@{name}" for name in missing)
            sentence = _("Nobody who reads notes has this username: %(names)s") % {"names": names}
            self.message_user(request, sentence, messages.WARNING)
        return True

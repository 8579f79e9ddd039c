"""The kept copies on the page of a source: asking for one, uploading one, what it told."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.conflicts import ConflictAdmin
from accounts.listing import BoundedAdmin
from accounts.read_only import NotByHand

from . import archiving, public_archive, suggestions, uploads
from .forms import SourceForm
from .links import announce, start_over
from .models import Capture, PublicCopy, Source
from .private_admin import OfSourcesThatMayBeRead, may_read_all

MOST_SHOWN = 10


class UploadForm(forms.Form):
    """A document that a reviewer has as a file."""

    document = forms.FileField(
        label=gettext_lazy("Document"),
        help_text=gettext_lazy(
            "HTML, PDF, plain text, or an image (PNG, JPEG, GIF, WebP); at most 20 MB."
        ),
    )
    transcription = forms.CharField(
        label=gettext_lazy("Transcription"),
        required=False,
        max_length=200_000,
        widget=forms.Textarea,
        help_text=gettext_lazy(
            "The words of an image or of a scan, exactly as they stand there. Passages are found "
            "in it."
        ),
    )

    def clean(self) -> dict[str, Any]:
        """Look into the file. An image needs its words; what has words of its own takes none."""
        cleaned: dict[str, Any] = super().clean() or {}
        if document := cleaned.get("document"):
            self._look_into(document, cleaned)
        return cleaned

    def _look_into(self, document: Any, cleaned: dict[str, Any]) -> None:
        body = document.read(uploads.MOST_BYTES + 1)
        try:
            content_type = uploads.content_type_of(body)
        except ValidationError as refusal:
            self.add_error("document", refusal)
            return
        is_image = content_type.startswith("image/")
        typed = bool(cleaned.get("transcription", "").strip())
        if is_image and not typed:
            self.add_error("transcription", _("Type in the words of the image."))
        if typed and content_type in ("text/html", "text/plain"):
            self.add_error(
                "transcription", _("This document has words of its own. Leave this empty.")
            )
        cleaned |= {"body": body, "content_type": content_type}


class AddressForm(SourceForm):
    """A source, to add which its address is enough: the copy then tells its title."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "title" in self.fields and self.instance.pk is None:
            self.fields["title"].required = False
            self.fields["title"].help_text = _(
                "As the document gives it, in its own language. Leave it empty to have it read "
                "from the address."
            )

    def clean(self) -> dict[str, Any] | None:
        """Take the address for a title that is missing, and refuse what has neither."""
        cleaned = self.cleaned_data
        if not cleaned.get("title") and "title" not in self.errors:
            cleaned["title"] = Source.title_from(cleaned.get("url", ""))
            if not cleaned["title"]:
                self.add_error("title", _("Write the title, or the address to read it from."))
        return super().clean()


class CopiesAdmin(ConflictAdmin):
    """Adds to the page of a source its copies, and the addresses that make one."""

    form = AddressForm
    change_form_template = "admin/sources/source_change_form.html"

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Store the source, and tell who quotes it when that changes what they know of it.

        One that was added by its address alone is captured at once.
        """
        super().save_model(request, obj, form, change)
        if change and "url" in form.changed_data:
            start_over(obj)
        if change and {"url", "retracted_on", "is_confidential"} & set(form.changed_data):
            announce(obj)
        if not change and obj.is_untitled and request.user.has_perm("sources.capture_source"):
            archiving.capture(obj, by=request.user)

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: Any = None) -> Any:
        """Stay on the page of a source whose copy will tell its title."""
        if obj.is_untitled and "_popup" not in request.POST:
            return redirect(_page_of(obj))
        return super().response_add(request, obj, post_url_continue)

    def get_urls(self) -> list[URLPattern]:
        """Add the addresses of the buttons."""
        views = {
            "capture": self.capture_view,
            "upload": self.upload_view,
            "suggestions": self.suggestions_view,
            "public_copy": self.public_copy_view,
        }
        buttons = [
            path(
                f"<int:pk>/{name.replace('_', '-')}/",
                self.admin_site.admin_view(view),
                name=f"sources_source_{name}",
            )
            for name, view in views.items()
        ]
        return [*buttons, *super().get_urls()]

    def page_context(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        """Add how the copies stand, and what the last one told of the source."""
        return {**super().page_context(request, row), **_how_copies_stand(request, row)}

    def capture_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask for a copy, and go back to the page of the source."""
        source = self._source(request, pk)
        if request.method == "POST":
            try:
                archiving.capture(source, by=request.user)
            except ValidationError as refusal:
                self.message_user(request, " ".join(refusal.messages), messages.ERROR)
        return redirect(_page_of(source))

    def public_copy_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask for a copy at the Internet Archive, and go back to the page of the source."""
        source = self._source(request, pk)
        if request.method == "POST":
            try:
                public_archive.ask_for(source, by=request.user)
            except ValidationError as refusal:
                self.message_user(request, " ".join(refusal.messages), messages.ERROR)
        return redirect(_page_of(source))

    def upload_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Keep a document that is uploaded, or show the form again with why it will not do."""
        source = self._source(request, pk)
        form = UploadForm(request.POST or None, request.FILES or None)
        if request.method == "POST" and form.is_valid():
            archiving.capture_upload(
                source,
                form.cleaned_data["body"],
                form.cleaned_data["content_type"],
                by=request.user,
                transcription=form.cleaned_data["transcription"],
            )
            return redirect(_page_of(source))
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "source": source,
            "title": _("Upload a copy"),
            "form": form,
        }
        status = 400 if form.is_bound else 200
        return TemplateResponse(request, "admin/sources/upload.html", context, status=status)

    def suggestions_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Fill the fields that the person confirmed, and go back to the page of the source."""
        source = self._source(request, pk)
        if request.method == "POST":
            try:
                filled = suggestions.confirm(source, request.POST.getlist("field"), by=request.user)
            except ValidationError as refusal:
                self.message_user(request, " ".join(refusal.messages), messages.ERROR)
            else:
                self._say_what_was_filled(request, source, filled)
        return redirect(_page_of(source))

    def _say_what_was_filled(self, request: HttpRequest, source: Source, filled: list[str]) -> None:
        if not filled:
            self.message_user(request, _("Nothing was filled: look again."), messages.WARNING)
            return
        changed: Any = [{"changed": {"fields": filled}}]
        self.log_change(request, source, changed)
        self.message_user(request, _("Filled, as you confirmed."), messages.SUCCESS)

    def _source(self, request: HttpRequest, pk: int) -> Source:
        """Return the source of a button. Raises Http404 or PermissionDenied."""
        source: Source | None = self.get_object(request, str(pk))
        if source is None or not self.has_view_permission(request, source):
            raise Http404
        if not request.user.has_perm("sources.capture_source"):
            raise PermissionDenied
        return source


def _page_of(source: Source) -> str:
    return f"{reverse('admin:sources_source_change', args=[source.pk])}#copies"


def _how_copies_stand(request: HttpRequest, source: Source) -> dict[str, Any]:
    captures = list(
        source.captures.select_related("by", "snapshot").defer("snapshot__text")[:MOST_SHOWN]
    )
    may_fill = request.user.has_perm("sources.change_source")
    return {
        "shows_copies": may_read_all(request, source),
        "captures": captures,
        "last": captures[0] if captures else None,
        "may_capture": request.user.has_perm("sources.capture_source"),
        "suggestions": suggestions.suggestions(source) if may_fill else [],
        **(_how_public_copy_stands(source) if public_archive.is_on() else {}),
    }


def _how_public_copy_stands(source: Source) -> dict[str, Any]:
    copy = source.public_copies.first()
    is_open = copy is not None and copy.state in PublicCopy.OPEN
    return {
        "public_copy": copy,
        "shows_public_copy": True,
        "may_ask_for_public_copy": not is_open and public_archive.may_be_asked_for(source),
    }


@admin.register(Capture)
class CaptureAdmin(OfSourcesThatMayBeRead, NotByHand, BoundedAdmin):
    """What became of each attempt to keep a copy. They begin on the page of the source."""

    list_display = ["source", "state", "attempts", "reason", "by", "created_at", "ended_at"]
    list_filter = ["state"]
    list_select_related = ["source", "by"]
    search_fields = ["source__title", "source__url", "reason"]
    fields = [
        "source", "by", "state", "attempts", "reason", "note", "snapshot", "file",
        "transcription", "found", "created_at", "started_at", "next_attempt_at", "ended_at",
    ]  # fmt: skip

"""The page on which a claim is rated blind, and the ratings that were given so."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _

from accounts.read_only import ReadOnlyAdmin
from claims import blind, second_person, versions
from claims.models import BlindRating, Rating, Resolution, Review
from claims.moves import PERMISSIONS
from claims.steps import STEPS

from .forms import RatingChoice
from .steps import StepsAdmin
from .unseen import UnseenRows


class BlindRatingForm(forms.Form):
    """A second rating, and why."""

    rating = RatingChoice(
        label=STEPS["rate_blind"].asks["rating"].label,
        queryset=Rating.objects.filter(is_retired=False),
        to_field_name="slug",
        empty_label=None,
    )
    note = forms.CharField(
        label=STEPS["rate_blind"].asks["note"].label, widget=forms.Textarea, required=False
    )


class BlindPage(StepsAdmin):
    """The part of the reviews’ admin in which a first rating is hidden and a second one given."""

    def hides(self, request: HttpRequest, review: Any) -> bool:
        """Say whether the person may not read the review yet."""
        return isinstance(review, Review) and blind.hides(review, request.user)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Say whether the row may be read: not while it is hidden from the person."""
        return super().has_view_permission(request, obj) and not self.hides(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Say whether the row may be changed: not while it is hidden from the person."""
        return super().has_change_permission(request, obj) and not self.hides(request, obj)

    def get_urls(self) -> list[Any]:
        """Add the page."""
        page = path(
            "<int:pk>/blind/",
            self.admin_site.admin_view(self.blind_view),
            name="claims_review_blind",
        )
        return [page, *super().get_urls()]

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        """Lead to the page of the blind rating whoever may not read the review yet."""
        review = self.get_object(request, object_id) if object_id else None
        if review and self.has_view_permission(request) and self.hides(request, review):
            return redirect(blind_page(review))
        return super().changeform_view(request, object_id, form_url, extra_context)

    def blind_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show the claim and its evidence, take the second rating, then show both."""
        review = self.get_object(request, str(pk))
        if review is None or not self.has_view_permission(request):
            raise Http404
        if not review.claim.asks_blind_rating:
            messages.info(request, _("This claim does not ask for a blind rating."))
            return redirect(self.desk_of(review))
        said = None
        if request.method == "POST":
            self.take(request, "rate_blind", review)
            review.refresh_from_db()
            if not self.hides(request, review):
                return redirect(blind_page(review))
            said = request.POST
        return self._page(request, review, BlindRatingForm(said, auto_id="blind_%s"))

    def _page(self, request: HttpRequest, review: Review, form: forms.Form) -> HttpResponse:
        person: Any = request.user
        is_hidden = self.hides(request, review)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Blind rating"),
            "review": review,
            "is_hidden": is_hidden,
            "material": blind.material(versions.content_of(review)),
            "form": form,
            "why_not": self.why_not(request, "rate_blind", review),
            "may_let_pass": person.has_perm(PERMISSIONS["override"]) and review.is_open,
            "let_pass_url": reverse("admin:claims_review_step", args=[review.pk, "override"]),
            "line": blind.RATED_LINE,
            "interests": second_person.named_interests(review, person),
            **({} if is_hidden else self._outcome(request, review)),
        }
        return TemplateResponse(request, "admin/claims/blind.html", context)

    def _outcome(self, request: HttpRequest, review: Review) -> dict[str, Any]:
        """Return both ratings and what is left to do, for those from whom nothing is hidden."""
        steps = {step["name"]: step for step in self.buttons(request, review)}
        return {"second": blind.standing(review), "settle": steps.get("resolve_disagreement")}

    def buttons(self, request: HttpRequest, row: Any) -> list[dict[str, Any]]:
        """Return the buttons, without those of a blind rating where there is nothing to do.

        The rating itself is given on its own page, beside the evidence.
        """
        needless = {"rate_blind"}
        if not row.claim.asks_blind_rating or blind.open_difference(row) is None:
            needless.add("resolve_disagreement")
        return [step for step in super().buttons(request, row) if step["name"] not in needless]

    def why_not(self, request: HttpRequest, verb: str, row: Any) -> str:
        """Return why the person may not press the button, or nothing."""
        if verb == "publish" and self.hides(request, row):
            return _("Its blind rating comes first.")
        if verb == "rate_blind" and row.claim.recusals.filter(person=request.user).exists():
            return _("You stepped aside from this claim.")
        may_settle = row.author == request.user or request.user.has_perm(PERMISSIONS["publish"])
        if verb == "resolve_disagreement" and not may_settle:
            return _("Only %(author)s, who writes it, or an editor.") % {"author": row.author}
        return super().why_not(request, verb, row)


def blind_page(review: Review) -> str:
    """Return the address of the page on which the review’s claim is rated blind."""
    return reverse("admin:claims_review_blind", args=[review.pk])


@admin.register(BlindRating)
class BlindRatingAdmin(UnseenRows, ReadOnlyAdmin):
    """Second ratings, each beside the first as it stood."""

    list_display = ["review", "first_rating", "rating", "author", "by", "at"]
    list_select_related = ["review__claim", "first_rating", "rating", "author", "by"]
    search_fields = ["review__claim__text"]


@admin.register(Resolution)
class ResolutionAdmin(UnseenRows, ReadOnlyAdmin):
    """How differences of ratings were settled."""

    review_path = "blind_rating__review"
    list_display = ["blind_rating", "rating", "text", "by", "at"]
    list_select_related = ["blind_rating__review__claim", "rating", "by"]
    search_fields = ["text"]

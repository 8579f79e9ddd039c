"""Who we are, what we promise, and what programs may read."""

from typing import Any

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404
from django.views.generic import TemplateView

from accounts.models import User
from claims.addresses import origin_of
from claims.models import AboutPage, Review
from claims.organization import organization


def named_people() -> QuerySet[User]:
    """Return the people in use whose names readers see under a verdict, by name.

    Nobody else: who works here is for each to tell.
    """
    verdicts = Review.objects.visible()
    return User.objects.filter(
        Q(Exists(verdicts.filter(author=OuterRef("pk"))))
        | Q(Exists(verdicts.filter(approver=OuterRef("pk")))),
        is_active=True,
    ).order_by("display_name", "username")


class About(TemplateView):
    """Who is behind this, and what do they promise?"""

    template_name = "claims/about_page.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        pages = AboutPage.objects.to_read()
        return super().get_context_data(
            people=list(named_people()),
            pages=pages,
            organization=organization(pages, origin=origin_of(self.request)),
            contact=settings.CONTACT,
            **kwargs,
        )


class PageDetail(TemplateView):
    """What do you say about this yourselves?"""

    template_name = "claims/page.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        pages = AboutPage.objects.filter(slug=self.kwargs["slug"]).to_read()
        if not pages:
            raise Http404
        return super().get_context_data(page=pages[0], **kwargs)


class Accessibility(TemplateView):
    """Can I use this site, and whom do I tell if not?"""

    template_name = "claims/accessibility_page.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(contact=settings.CONTACT, **kwargs)


class Data(TemplateView):
    """What may programs read, and where?"""

    template_name = "claims/data_page.html"

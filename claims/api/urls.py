"""What programs read."""

from django.urls import path, re_path
from drf_spectacular.views import SpectacularAPIView
from rest_framework.routers import DefaultRouter

from . import figures, match, steps, views
from .problems import no_such_address

app_name = "v1"

router = DefaultRouter()
router.include_format_suffixes = False
router.register("claims", views.Claims, basename="claim")
router.register("reviews", views.Reviews, basename="review")
router.register("speakers", views.Speakers, basename="speaker")
router.register("topics", views.Topics, basename="topic")
router.register("articles", views.Articles, basename="article")
router.register("sources", views.Sources, basename="source")
router.register("ratings", views.Ratings, basename="rating")

urlpatterns = [
    *router.urls,
    *steps.urlpatterns,
    path("match/", match.MatchView.as_view(), name="match"),
    path("stats/", figures.FiguresView.as_view(), name="stats"),
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    path("docs/", views.Docs.as_view(), name="docs"),
    re_path(r"^(?P<path>.*)$", no_such_address),
]

"""What readers see."""

from django.urls import path

from . import addresses  # noqa: F401  registers "key"
from .views.browse import (
    ArticleList,
    ClaimList,
    Home,
    SourceDetail,
    SourceList,
    SpeakerDetail,
    SpeakerList,
)
from .views.copies import CopyDetail, CopyFile
from .views.figures import OurWork
from .views.suggestions import SuggestionList
from .views.verdicts import ArticleDetail, ClaimDetail, Method
from .views.versions import Changes, CorrectionFeed, CorrectionList, VersionDetail

urlpatterns = [
    path("", Home.as_view(), name="home"),
    path("claims/", ClaimList.as_view(), name="claims"),
    path("claims/suggestions/", SuggestionList.as_view(), name="suggestions"),
    path("claims/<key:pk>/", ClaimDetail.as_view(), name="claim"),
    path("claims/<key:pk>/v<key:number>/", VersionDetail.as_view(), name="version"),
    path("claims/<key:pk>/changes/", Changes.as_view(), name="changes"),
    path("corrections/", CorrectionList.as_view(), name="corrections"),
    path("corrections/feed/", CorrectionFeed.as_view(), name="correction-feed"),
    path("articles/", ArticleList.as_view(), name="articles"),
    path("articles/<key:pk>/", ArticleDetail.as_view(), name="article"),
    path("speakers/", SpeakerList.as_view(), name="speakers"),
    path("speakers/<slug:slug>/", SpeakerDetail.as_view(), name="speaker"),
    path("sources/", SourceList.as_view(), name="sources"),
    path("sources/<key:pk>/", SourceDetail.as_view(), name="source"),
    path("sources/<key:source>/copies/<key:pk>/", CopyDetail.as_view(), name="copy"),
    path("sources/<key:source>/copies/<key:pk>/file/", CopyFile.as_view(), name="copy-file"),
    path("our-work/", OurWork.as_view(), name="our-work"),
    path("how-we-check/", Method.as_view(), name="method"),
]

"""What readers see."""

from django.urls import path, re_path
from django.views.decorators.csrf import csrf_exempt

from . import addresses  # noqa: F401  registers "key"
from .api import google
from .views.about import About, Accessibility, Data, PageDetail
from .views.annotations import AnnotationList
from .views.browse import (
    ArticleList,
    ClaimList,
    Home,
    SourceDetail,
    SourceList,
    SpeakerDetail,
    SpeakerList,
    TopicDetail,
    TopicList,
)
from .views.cards import ClaimCard, SiteCard
from .views.copies import CopyDetail, CopyFile
from .views.embeds import Embed, OEmbed
from .views.feeds import ClaimFeed, CorrectionFeed
from .views.figures import Figure, OurWork
from .views.machines import news_sitemap, robots, security, sitemap, sitemap_index
from .views.suggestions import SuggestionList
from .views.verdicts import ArticleDetail, ClaimDetail, Method
from .views.versions import Changes, Citation, CorrectionList, VersionDetail

urlpatterns = [
    path("", Home.as_view(), name="home"),
    path("claims/", ClaimList.as_view(), name="claims"),
    path("claims/<key:pk>/", ClaimDetail.as_view(), name="claim"),
    path("claims/<key:pk>/v<key:number>/", VersionDetail.as_view(), name="version"),
    path("claims/<key:pk>/embed/", Embed.as_view(), name="embed"),
    path("claims/<key:pk>/changes/", Changes.as_view(), name="changes"),
    path("corrections/", CorrectionList.as_view(), name="corrections"),
    path("articles/", ArticleList.as_view(), name="articles"),
    path("articles/<key:pk>/", ArticleDetail.as_view(), name="article"),
    path("speakers/", SpeakerList.as_view(), name="speakers"),
    path("speakers/<slug:slug>/", SpeakerDetail.as_view(), name="speaker"),
    path("topics/", TopicList.as_view(), name="topics"),
    path("topics/<slug:slug>/", TopicDetail.as_view(), name="topic"),
    path("sources/", SourceList.as_view(), name="sources"),
    path("sources/<key:pk>/", SourceDetail.as_view(), name="source"),
    path("sources/<key:source>/copies/<key:pk>/", CopyDetail.as_view(), name="copy"),
    path("our-work/", OurWork.as_view(), name="our-work"),
    path("how-we-check/", Method.as_view(), name="method"),
    path("about/", About.as_view(), name="about"),
    path("about/<slug:slug>/", PageDetail.as_view(), name="page"),
    path("accessibility/", Accessibility.as_view(), name="accessibility"),
    path("data/", Data.as_view(), name="data"),
]

machine_urlpatterns = [
    path("card-<slug:key>.png", SiteCard.as_view(), name="site-card"),
    path("claims/suggestions/", SuggestionList.as_view(), name="suggestions"),
    path("claims/feed/", ClaimFeed.as_view(), name="claim-feed"),
    path("claims/feed.json", ClaimFeed.as_view(form="json"), name="claim-feed-json"),
    path(
        "claims/<key:pk>/v<key:number>/cite.bib",
        Citation.as_view(),
        {"form": "bib"},
        name="cite-bibtex",
    ),
    path(
        "claims/<key:pk>/v<key:number>/cite.json",
        Citation.as_view(),
        {"form": "json"},
        name="cite-csl",
    ),
    path("claims/<key:pk>/card-<slug:key>.png", ClaimCard.as_view(), name="card"),
    path("oembed/", OEmbed.as_view(), name="oembed"),
    path("corrections/feed/", CorrectionFeed.as_view(), name="correction-feed"),
    path(
        "corrections/feed.json",
        CorrectionFeed.as_view(form="json"),
        name="correction-feed-json",
    ),
    path("articles/<key:pk>/annotations/", AnnotationList.as_view(), name="annotations"),
    path("sources/<key:source>/copies/<key:pk>/file/", CopyFile.as_view(), name="copy-file"),
    path("our-work/<slug:name>.csv", Figure.as_view(), name="figure"),
    path("sitemap.xml", sitemap_index, name="sitemap-index"),
    path("sitemaps/news.xml", news_sitemap, name="sitemap-news"),
    path("sitemaps/<slug:kind>-<int:number>.xml", sitemap, name="sitemap"),
    path("v1alpha1/claims:search", csrf_exempt(google.ClaimSearch.as_view()), name="google-claims"),
    path("v1alpha1/pages", csrf_exempt(google.Pages.as_view()), name="google-pages"),
    path("v1alpha1/pages/<key:pk>", csrf_exempt(google.PageOfClaim.as_view()), name="google-page"),
    re_path(r"^v1alpha1/", csrf_exempt(google.NoSuchMethod.as_view()), name="google"),
    path("robots.txt", robots, name="robots"),
    path(".well-known/security.txt", security, name="security"),
]
"""What programs read. It has one address, whatever language a page is read in."""

"""The addresses of one's own account, beside those of allauth."""

from django.urls import path

from . import views

urlpatterns = [
    path("profile/", views.Profile.as_view(), name="profile"),
    path("invitation/<str:token>/", views.AcceptInvitation.as_view(), name="invitation"),
]

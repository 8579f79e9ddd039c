"""Where readers send us something, and see what became of it."""

from django.urls import path

from claims import addresses  # noqa: F401  registers "key"

from .views import AskForCorrection, MailChoice, ReceiptDetail, Suggest, SuggestionReceiptDetail

urlpatterns = [
    path("suggest/", Suggest.as_view(), name="suggest"),
    path(
        "suggest/receipts/<slug:token>/",
        SuggestionReceiptDetail.as_view(),
        name="suggestion-receipt",
    ),
    path("claims/<key:pk>/correction/", AskForCorrection.as_view(), name="ask-for-correction"),
    path("mail/<str:token>/", MailChoice.as_view(), name="mail-choice"),
    path("corrections/receipts/<slug:token>/", ReceiptDetail.as_view(), name="receipt"),
]

"""Suggestions while a reader types; the form works without them."""

from django.core.exceptions import ValidationError
from django.http import HttpRequest, JsonResponse
from django.views import View

from claims import search

SECONDS_KEPT = 60


class SuggestionList(View):
    """What may be meant by what was typed so far, as JSON for `site.js`."""

    def get(self, request: HttpRequest) -> JsonResponse:
        """Return texts of claims, names of speakers and of topics."""
        typed = request.GET.get("q", "").encode("utf-8", "ignore").decode().replace("\0", " ")
        try:
            found = search.suggest(typed.strip())
        except ValidationError as error:
            return JsonResponse({"detail": " ".join(error.messages)}, status=400)
        response = JsonResponse(
            {
                "speakers": [speaker.name for speaker in found.speakers],
                "topics": [topic.name for topic in found.topics],
                "claims": [claim.text for claim in found.claims],
            }
        )
        response["Cache-Control"] = f"public, max-age={SECONDS_KEPT}"
        return response

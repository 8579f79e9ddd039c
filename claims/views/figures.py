"""The page of our work in numbers."""

from typing import Any

from django.views.generic import TemplateView

from claims.agreement import LEAST_PAIRS
from claims.figures import figures


class OurWork(TemplateView):
    """How much do you check, how often are you wrong, and do two of you agree?"""

    template_name = "claims/our_work_page.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(figures=figures(), least_pairs=LEAST_PAIRS, **kwargs)

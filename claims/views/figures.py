"""The page of our work in numbers, and each of its tables as a file."""

import csv
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.generic import TemplateView, View

from claims import charts
from claims.agreement import LEAST_PAIRS, Agreements
from claims.figures import Figures, figures
from claims.models import Rating
from claims.pace import LEAST, Pace, Step

LEAST_FOR_PERCENTAGES = 20


class OurWork(TemplateView):
    """How much do you check, how fast, how often are you wrong, and do two of you agree?"""

    template_name = "claims/our_work_page.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        now = figures()
        groups = [(*each, "") for each in now.groups]
        return super().get_context_data(
            figures=now,
            least_pairs=LEAST_PAIRS,
            mix=_mix(now),
            days=_days(now.pace),
            backlog=_backlog(now.pace),
            links=_bars([(str(state.label), count, "") for state, count in now.links]),
            balance=[
                ("topics", _("Topics"), _bars(_topics(now))),
                (
                    "speakers",
                    _("Whom speakers speak for"),
                    _bars(groups),
                ),
            ],
            **kwargs,
        )


class Figure(View):
    """One table of our work, as a CSV file (RFC 4180)."""

    def get(self, request: HttpRequest, name: str) -> HttpResponse:
        """Return the file."""
        if name not in _TABLES:
            raise Http404
        headings, rows = _TABLES[name](figures())
        response = HttpResponse(content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
        file = csv.writer(response)
        file.writerow(headings)
        file.writerows([_harmless(cell) for cell in row] for row in rows)
        return response


def _harmless(cell: Any) -> Any:
    """Return a cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(("=", "+", "-", "@")) else cell


def _mix(now: Figures) -> dict[str, Any] | None:
    """Return the chart of the ratings, and the most frequent one; None under five verdicts."""
    total = sum(count for _rating, count in now.ratings)
    if total < charts.LEAST:
        return None
    largest: tuple[Rating, int] = max(now.ratings, key=lambda pair: pair[1])
    bars = [
        charts.Bar(
            str(rating),
            count,
            charts.width_of(count, largest[1]),
            mark=rating.mark,
            percentage=round(100 * count / total) if total >= LEAST_FOR_PERCENTAGES else None,
        )
        for rating, count in now.ratings
    ]
    return {"bars": bars, "word": str(largest[0]), "count": largest[1], "total": total}


def _days(pace: Pace) -> dict[str, Any] | None:
    if pace.median is None:
        return None
    found = [(step_words(step), step.verdicts) for step in pace.steps]
    return {
        "columns": charts.columns(found),
        "width": charts.column_width(len(found)),
        "median": round(pace.median),
        "lower": round(pace.lower or 0),
        "upper": round(pace.upper or 0),
    }


def _backlog(pace: Pace) -> dict[str, Any] | None:
    """Return the line of who waited; None where it is short, or nobody ever did."""
    most = max((week.waiting for week in pace.weeks), default=0)
    if len(pace.weeks) < LEAST or most < charts.LEAST:
        return None
    ticks = charts.ticks(most)
    return {
        "ticks": ticks,
        "lines": charts.line([week.waiting for week in pace.weeks], ticks[-1].value),
        "first": pace.weeks[0],
        "last": pace.weeks[-1],
        "last_y": ticks and charts.line([pace.weeks[-1].waiting] * 2, ticks[-1].value)[0].y1,
        "most": most,
    }


def _topics(now: Figures) -> list[tuple[str, int, str]]:
    claims = reverse("claims")
    return [(str(topic), count, f"{claims}?topic={topic.slug}") for topic, count in now.topics]


def _bars(rows: Sequence[tuple[str, int, str]]) -> list[charts.Bar]:
    largest = max((count for _word, count, _url in rows), default=0)
    is_drawn = sum(count for _word, count, _url in rows) >= charts.LEAST
    return [
        charts.Bar(word, count, charts.width_of(count, largest) if is_drawn else "", url=url)
        for word, count, url in rows
    ]


def step_words(step: Step) -> str:
    """Return from how many days to how many, in figures."""
    return f"{step.first}+" if step.last is None else f"{step.first}–{step.last}"


Table = tuple[list[str], Iterable[Sequence[Any]]]


def _agreement(now: Figures) -> Table:
    def row(year: str, found: Agreements) -> list[Any]:
        words, scale = found.words, found.scale
        return [year, words.pairs, words.same, words.alpha, scale.pairs, scale.alpha]

    headings = ["year", "pairs", "same", "alpha", "pairs_on_scale", "alpha_on_scale"]
    years = [row(str(each.year), each.agreements) for each in now.years]
    return headings, [*years, row("all", now.agreement)]


_TABLES: dict[str, Callable[[Figures], Table]] = {
    "ratings": lambda now: (["rating", "verdicts"], [(str(r), n) for r, n in now.ratings]),
    "days": lambda now: (
        ["from_days", "to_days", "verdicts"],
        [(step.first, step.last, step.verdicts) for step in now.pace.steps],
    ),
    "waiting": lambda now: (
        ["week_ending", "waiting"],
        [(week.ends_on.isoformat(), week.waiting) for week in now.pace.weeks],
    ),
    "links": lambda now: (["state", "links"], [(state.value, n) for state, n in now.links]),
    "corrections": lambda now: (
        ["kind", "notes"],
        [(kind.value, n) for kind, n in now.corrections],
    ),
    "topics": lambda now: (["topic", "claims"], [(str(topic), n) for topic, n in now.topics]),
    "speakers": lambda now: (["speak_for", "claims"], now.groups),
    "agreement": _agreement,
}

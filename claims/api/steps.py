"""The verbs of the workflow as sub-resources: POST /claims/7/accept/, POST /reviews/7/submit/."""

from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.http import Http404
from django.urls import URLPattern, path
from drf_spectacular.utils import extend_schema, inline_serializer
from rest_framework import exceptions, serializers, status
from rest_framework.authentication import SessionAuthentication
from rest_framework.permissions import IsAdminUser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from .. import addresses  # noqa: F401  registers "key"
from ..models import Claim, Review
from ..steps import STEPS, Step


class StepAnswer(serializers.Serializer[Any]):
    """Where the work stands after the step."""

    verb = serializers.CharField(help_text="The step that was taken.")
    claim = serializers.IntegerField(help_text="The claim it concerns.")
    claim_status = serializers.ChoiceField(choices=Claim.Status.choices)
    review = serializers.IntegerField(
        allow_null=True, help_text="The review it acted on or began, if any."
    )
    review_status = serializers.ChoiceField(choices=Review.Status.choices, allow_null=True)
    revision = serializers.IntegerField(
        allow_null=True, help_text="How often that review was submitted: what publish asks for."
    )


class StepView(APIView):
    """One verb. Who calls it is signed in and works here; the verb itself decides the rest."""

    authentication_classes = [SessionAuthentication]
    permission_classes = [IsAdminUser]
    step: Step

    def take(self, request: Request, pk: int) -> Response:
        """Take the step, and say where the work stands now."""
        subject = self._subject(request, pk)
        if not isinstance(request.data, dict):
            raise ValidationError("Send a JSON object.")
        unknown = set(request.data) - set(_fields(self.step))
        if unknown:
            raise ValidationError(
                f"Unknown: {', '.join(sorted(unknown))}. "
                f"Known are: {', '.join(_fields(self.step)) or 'none'}."
            )
        said = {name: value for name, value in request.data.items() if name != "revision"}
        if self.step.name == "publish":
            try:
                read = serializers.IntegerField().run_validation(request.data.get("revision"))
            except exceptions.ValidationError as error:
                raise exceptions.ValidationError({"revision": error.detail}) from error
            subject.revision = read
        outcome = self.step.take(subject, by=request.user, said=said)
        return Response(_answer(self.step, outcome if isinstance(outcome, Review) else subject))

    def _subject(self, request: Request, pk: int) -> Any:
        model = self.step.subject
        if not request.user.has_perm(f"claims.view_{model._meta.model_name}"):
            raise Http404
        try:
            return model._default_manager.get(pk=pk)
        except model.DoesNotExist as error:
            raise Http404 from error


def _answer(step: Step, subject: Claim | Review) -> dict[str, Any]:
    review = subject if isinstance(subject, Review) else None
    claim = review.claim if review else subject
    claim.refresh_from_db()
    return {
        "verb": step.name,
        "claim": claim.pk,
        "claim_status": claim.status,
        "review": review and review.pk,
        "review_status": review and review.status,
        "revision": review and review.revision,
    }


def _fields(step: Step) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
    """Return what the step asks as fields of the request’s body."""
    fields = {name: _field(asked) for name, asked in step.asks.items()}
    if step.name == "publish":
        fields["revision"] = serializers.IntegerField(
            help_text="The revision that was read: when it was submitted again meanwhile, the "
            "approval is void."
        )
    return fields


def _field(asked: forms.Field) -> serializers.Field[Any, Any, Any, Any]:
    words: dict[str, Any] = {"help_text": str(asked.label), "required": False}
    if isinstance(asked, forms.ModelChoiceField):
        return serializers.CharField(**words)
    if isinstance(asked, forms.ChoiceField):
        return serializers.ChoiceField(choices=list(cast(Any, asked.choices)), **words)
    return serializers.CharField(**words)


def _view(step: Step) -> Any:
    noun = str(step.subject._meta.model_name)
    body = inline_serializer(f"{noun.title()}{step.name.title().replace('_', '')}", _fields(step))
    described = extend_schema(
        operation_id=f"{noun}_{step.name}",
        summary=str(step.word),
        description=(step.verb.__doc__ or "").split("\n\n")[0],
        request=body if _fields(step) else None,
        responses={status.HTTP_200_OK: StepAnswer},
        tags=[f"{noun}s"],
    )

    class View(StepView):
        @described
        def post(self, request: Request, pk: int) -> Response:
            return self.take(request, pk)

    View.step = step
    return View.as_view()


urlpatterns: list[URLPattern] = [
    path(
        f"{step.subject._meta.model_name}s/<key:pk>/{step.name}/",
        _view(step),
        name=f"{step.subject._meta.model_name}-{step.name}",
    )
    for step in STEPS.values()
]

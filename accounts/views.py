"""The pages of one's own account that allauth does not have."""

from typing import Any

from allauth.account.utils import perform_login
from django.contrib.auth.mixins import LoginRequiredMixin
from django.contrib.messages.views import SuccessMessageMixin
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse_lazy
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.generic import FormView, UpdateView

from . import invitations
from .forms import AcceptForm
from .models import Invitation, User


class Profile(LoginRequiredMixin, SuccessMessageMixin, UpdateView):
    """What readers may know of the person who is signed in."""

    model = User
    fields = ["display_name", "bio", "interests"]
    template_name = "accounts/profile_page.html"
    success_url = reverse_lazy("profile")
    success_message = _("Saved.")

    def get_object(self, queryset: Any = None) -> User:
        """Return the person who is signed in."""
        return User.objects.get(pk=self.request.user.pk)


@method_decorator([never_cache, sensitive_post_parameters()], name="dispatch")
class AcceptInvitation(FormView):
    """Where an invitation becomes an account."""

    form_class = AcceptForm
    template_name = "accounts/invitation_page.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Give one answer to every token that opens nothing: used, revoked, expired, unknown."""
        open_invitations = Invitation.objects.open().with_token(kwargs["token"])
        invitation = open_invitations.select_related("role", "invited_by").first()
        if invitation is None:
            return self.over()
        self.invitation = invitation
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        """Begin with what the invitation says."""
        person = User(email=self.invitation.email, display_name=self.invitation.display_name)
        return {**super().get_form_kwargs(), "instance": person}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the invitation."""
        return {**super().get_context_data(**kwargs), "invitation": self.invitation}

    def form_valid(self, form: AcceptForm) -> HttpResponse:
        """Make the account and sign in with it."""
        chosen = form.cleaned_data
        try:
            person = invitations.accept(
                self.kwargs["token"],
                chosen["username"],
                chosen["password1"],
                chosen["display_name"],
            )
        except Invitation.DoesNotExist:
            return self.over()
        except ValidationError as refusal:
            form.add_error(None, refusal.messages)
            return self.form_invalid(form)
        signed_in: HttpResponse = perform_login(self.request, person)
        return signed_in

    def over(self) -> HttpResponse:
        """Say that the link opens nothing any more."""
        return render(self.request, "accounts/invitation_over_page.html", status=410)

"""Inviting people, and making their accounts when they accept."""

import secrets
from datetime import timedelta
from functools import partial

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.models import Group
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.mail import send_mail
from django.db import transaction
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from .models import Invitation, User

LIFETIME = timedelta(days=7)
ROLES = ["reviewer", "editor", "administrator"]
"""What an administrator may grant. A superuser may grant any group, and nobody a superuser."""


def grantable_roles(by: User) -> QuerySet[Group]:
    """Return the roles that somebody may give to others."""
    groups = Group.objects.order_by("name")
    return groups if by.is_superuser else groups.filter(name__in=ROLES)


def check(email: str, role: Group, by: User) -> None:
    """Raise PermissionDenied or ValidationError when `by` may not invite this address as that."""
    if not by.has_perm("accounts.add_invitation"):
        raise PermissionDenied(_("Inviting people is for administrators."))
    if role not in grantable_roles(by):
        raise ValidationError(_("You cannot give this role. Choose another."))
    if User.objects.filter(email__iexact=email).exists():
        raise ValidationError(_("Somebody has an account with this e-mail already."))


@transaction.atomic
def invite(email: str, role: Group, by: User, *, origin: str, display_name: str = "") -> Invitation:
    """Invite somebody by mail, with a link that begins with `origin`; return the invitation.

    Earlier invitations of the address end. Raises what `check` raises.
    """
    email = email.lower()
    check(email, role, by)
    Invitation.objects.open().filter(email=email).update(revoked_at=timezone.now())
    token = secrets.token_urlsafe(32)
    invitation = Invitation.objects.create(
        email=email,
        role=role,
        display_name=display_name,
        token_hash=Invitation.hash_of(token),
        invited_by=by,
        expires_at=timezone.now() + LIFETIME,
    )
    link = origin + reverse("invitation", args=[token])
    # Not through the outbox, which would keep the link; a mail server that is down is logged, and
    # the administrator invites again.
    transaction.on_commit(partial(_send, invitation, link), robust=True)
    return invitation


def revoke(invitation: Invitation) -> None:
    """End an invitation that is still open. Raises ValidationError for any other."""
    still_open = Invitation.objects.open().filter(pk=invitation.pk)
    if not still_open.update(revoked_at=timezone.now()):
        raise ValidationError(_("This invitation is no longer open."))


@transaction.atomic
def accept(token: str, username: str, password: str, display_name: str) -> User:
    """Make the account that an invitation promises, use the invitation up, return the person.

    Raises Invitation.DoesNotExist for a token that is unknown, used, revoked or expired, and
    ValidationError for a name or a password that will not do.
    """
    invitation = Invitation.objects.open().with_token(token).select_related("role").get()
    person = User(
        username=username, email=invitation.email, display_name=display_name, is_staff=True
    )
    validate_password(password, person)
    person.set_password(password)
    person.full_clean()
    # Of two that use one link at once, one is told.
    if not Invitation.objects.open().filter(pk=invitation.pk).update(accepted_at=timezone.now()):
        raise Invitation.DoesNotExist
    person.save()
    person.groups.add(invitation.role)
    # The link came by mail, so the address is proved.
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    return person


def _send(invitation: Invitation, link: str) -> None:
    words = {"invitation": invitation, "link": link, "site_name": settings.SITE_NAME}
    subject = _("Your invitation to %(site)s") % {"site": settings.SITE_NAME}
    text = render_to_string("accounts/email/invitation.txt", words)
    send_mail(subject, text, None, [invitation.email])

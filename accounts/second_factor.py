"""Who must prove who they are by more than a password."""

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled

from .models import User

ROLES = {"editor", "administrator"}
"""The roles that publish, or decide who may."""
FACTORS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
"""Recovery codes are not among them: they stand in for one of these."""


def lacks_second_factor(person: User) -> bool:
    """Say whether somebody's role needs a second factor that the account does not have."""
    needs = person.is_superuser or person.groups.filter(name__in=ROLES).exists()
    return needs and not is_mfa_enabled(person, FACTORS)

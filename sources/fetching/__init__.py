"""The one careful HTTP client: nothing else opens a connection to a given address.

Reviewers, imports and health checks hand in addresses that strangers chose, and our server stands
inside a network that strangers must not reach. So each name is looked up once, each address that it
has must be public, and the connection goes to the address that was checked; each redirect is
checked in the same way; time, bytes, headers and what comes out of compression have limits.
Why not a library: docs/decisions/0010-fetching.md.
"""

from .asking import AGENT, Limits
from .reading import CONTENT_TYPES, Fetched, Hop, fetch
from .refusals import SENTENCES, Refused

__all__ = ["AGENT", "CONTENT_TYPES", "SENTENCES", "Fetched", "Hop", "Limits", "Refused", "fetch"]

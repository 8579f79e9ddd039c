"""An authenticator app, as far as a test needs one (RFC 6238)."""

import base64
import hmac
import struct
import time


def code_of(secret, *, steps_ahead=0):
    """Return the six digits that an app shows for a secret, now or some 30 seconds later."""
    counter = struct.pack(">Q", int(time.time()) // 30 + steps_ahead)
    digest = hmac.digest(base64.b32decode(secret), counter, "sha1")
    offset = digest[-1] & 15
    number = struct.unpack(">I", digest[offset : offset + 4])[0] & 0x7FFFFFFF
    return f"{number % 10**6:06}"

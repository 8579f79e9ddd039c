"""Certificates that a test makes for a server of its own, and the authority behind them."""

import ssl
from datetime import timedelta
from ipaddress import ip_address

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.utils import timezone

PEM = serialization.Encoding.PEM


def certificate(key, *, ends=timedelta(days=1), signed_by=None, **names):
    """Return a certificate for a key: of an authority, or signed by one (certificate and key)."""
    called = "A server of a test" if signed_by else "An authority of a test"
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, called)])
    issuer, issuer_key = (signed_by[0].subject, signed_by[1]) if signed_by else (subject, key)
    begins = timezone.now() - timedelta(days=2)
    builder = (
        x509.CertificateBuilder(subject_name=subject, issuer_name=issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(timezone.now() + ends)
        .add_extension(x509.BasicConstraints(ca=not signed_by, path_length=None), critical=True)
        # Newer versions of Python ask for these.
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()),
            critical=False,
        )
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )
    if signed_by:
        known_as = [x509.IPAddress(ip_address(each)) for each in names.get("addresses", ())]
        known_as += [x509.DNSName(each) for each in names.get("hosts", ())]
        builder = builder.add_extension(x509.SubjectAlternativeName(known_as), critical=False)
    return builder.sign(issuer_key, hashes.SHA256())


def server_context(folder, **options):
    """Return what a TLS server needs. Writes the authority that signed it to `authority.pem`."""
    authority_key, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    authority = certificate(authority_key)
    own = certificate(key, signed_by=(authority, authority_key), **options)
    (folder / "authority.pem").write_bytes(authority.public_bytes(PEM))
    private = key.private_bytes(
        PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "own.pem").write_bytes(own.public_bytes(PEM) + private)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "own.pem")
    return context

"""How rows stand in addresses."""

from django.urls import register_converter
from django.urls.converters import IntConverter


class KeyConverter(IntConverter):
    """A row's number as it stands in an address: no leading zeros, no longer than a key can be."""

    regex = "[1-9][0-9]{0,17}"


register_converter(KeyConverter, "key")

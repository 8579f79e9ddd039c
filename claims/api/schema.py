"""What the OpenAPI description says of every operation: which problems it may answer."""

from typing import Any

PROBLEM = {
    "type": "object",
    "description": "Problem details (RFC 9457).",
    "required": ["type", "title", "status", "code", "detail"],
    "properties": {
        "type": {"type": "string", "format": "uri-reference"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string", "description": "Tells problems apart; it never changes."},
        "detail": {"type": "string", "description": "What went wrong, for people."},
        "errors": {
            "type": "array",
            "description": "The parameters at fault, where there are any.",
            "items": {
                "type": "object",
                "required": ["field", "code", "detail"],
                "properties": {
                    "field": {"type": "string"},
                    "code": {"type": "string"},
                    "detail": {"type": "string"},
                },
            },
        },
    },
}
WORDS = {
    "400": "A parameter is unknown or has a value that does not exist.",
    "404": "There is no such row, or it is not public.",
    "406": "The answer is asked for in a form other than JSON.",
}
STEP_WORDS = {
    "400": "What the step needs is missing or not understood; or a rule refuses it.",
    "403": "Nobody is signed in, or the account may not do this.",
    "404": "There is no such row.",
    "409": "The work stands elsewhere by now: read it again.",
}


def add_problems(result: dict[str, Any], **_context: Any) -> dict[str, Any]:
    """Return the OpenAPI document with the problems that each operation may answer."""
    result["components"]["schemas"]["Problem"] = PROBLEM
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    for operations in result["paths"].values():
        for method, operation in operations.items():
            for status, words in (WORDS | STEP_WORDS if method == "post" else WORDS).items():
                answer = {"description": words, "content": content}
                operation["responses"].setdefault(status, answer)
    return result

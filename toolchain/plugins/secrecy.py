"""Keeps secret in a provider's answers what was secret in the request; resources themselves see plain values."""

from __future__ import annotations

from toolchain.plugins.values import Properties, contains_secret, mark_secrets, strip_secrets


def protect_inputs(answer: Properties, asked: Properties) -> Properties:
    """Mark checked inputs as the program marked them."""
    return {key: mark_secrets(value, asked.get(key)) for key, value in answer.items()}


def protect_outputs(answer: Properties, inputs: Properties, olds: Properties) -> Properties:
    """Mark outputs named like a secret input, and old secret outputs that have kept their value."""
    marked = protect_inputs(answer, inputs)
    for key, value in marked.items():
        old = olds.get(key)
        if key not in inputs and contains_secret(old) and strip_secrets(old) == strip_secrets(value):
            marked[key] = mark_secrets(value, old)
    return marked


def secret_names(inputs: Properties) -> frozenset[str]:
    """Return the top-level inputs that hold a secret."""
    return frozenset(key for key, value in inputs.items() if contains_secret(value))

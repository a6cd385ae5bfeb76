"""Schemathesis on openapi.json as every role: no 5xx, and no answer that is not described."""

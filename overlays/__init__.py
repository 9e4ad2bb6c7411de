"""From openapi.yaml to what each tool reads: OpenAPI documents, overlays and templates."""

"""From openapi.yaml to what each tool reads: overlays, and the generator's templates."""

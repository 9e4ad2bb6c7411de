"""openapi.yaml held to the settled facts."""

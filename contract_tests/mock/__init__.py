"""The mock: Prism serving openapi.yaml on loopback."""

"""The mock: Prism serving openapi.yaml on loopback, behind a small front."""

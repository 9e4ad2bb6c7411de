"""Who judges a request: the spec, the mock and the client."""

"""What the generated client itself raises."""


class UnexpectedStatus(Exception):
    """The server answered with a status that openapi.yaml does not list.

    Raised only by a Client with raise_on_unexpected_status.
    """

    def __init__(self, status_code: int, content: bytes) -> None:
        self.status_code = status_code
        self.content = content
        super().__init__(f"status {status_code} is not documented for this call")

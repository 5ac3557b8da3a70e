"""The one error that tells a test author that the fake was misused."""


class XblError(Exception):
    """The fake was asked, from Python, for something that cannot be.

    Its text says what was wrong, where, and which rule says so: the same text that a client gets in the body
    of a refusal.
    What a client does wrong never raises this; it is answered over HTTP.
    """

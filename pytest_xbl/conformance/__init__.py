"""The conformance suite: the rules that a client can see, as tests for the fake and for a sandbox of the service.

`pytest --pyargs pytest_xbl.conformance` runs it.
"""

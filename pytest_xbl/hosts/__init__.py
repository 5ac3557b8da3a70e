"""The real names of Xbox Live, led to the fake: in this process, and in those that a test starts."""

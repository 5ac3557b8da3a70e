"""The services that clients need to start, each as small as they can do with (NEAR-1).

The code is loaded by the first request that asks for one of them.
"""

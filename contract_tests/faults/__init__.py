"""Faults: a server that misbehaves on loopback, and runs that show what the client makes of it.

python -m contract_tests.faults [--runs 2000] [--seed N]
"""

"""Faults: a server that misbehaves on loopback, and runs that show what the client makes of it.

python -m contract_tests.faults [--runs 5000] [--seed N]
"""

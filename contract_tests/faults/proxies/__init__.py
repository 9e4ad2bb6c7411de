"""Proxies: real nginx and haproxy on loopback between the client and an API that counts.

python -m contract_tests.faults.proxies [--runs 2000] [--seed N]
"""

"""Benchmarks: what the package costs over raw httpx, as ratios within one run.

python -m contract_tests.bench [imports|calls|memory ...]
"""

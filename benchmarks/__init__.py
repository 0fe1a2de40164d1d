"""Benchmarks: each runs a practice beside its peer in one run and prints ratios and peak memory."""

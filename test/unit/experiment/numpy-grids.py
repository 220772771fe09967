"""Writes numpy-grids.json: what NumPy's arange and linspace give, for grid tests to compare with bit for bit.

/usr/bin/python3 numpy-grids.py   (Debian's python3-numpy; made with NumPy 1.24.2)
"""

import json
import pathlib

import numpy as np

ARANGES = [
    [0, 5], [0, 10, 3], [10, 0, -3], [-4, 4, 2], [0, 1, 0.1], [0.5, 1.5, 0.1], [1, 1.3, 0.1], [0, 0.3, 0.1],
    [1, 0, -0.1], [0.1, 0.7, 0.2], [-1, 1, 0.25], [2**53 - 5, 2**53, 1], [1e10, 1e10 + 1, 0.125], [0, 1, 1 / 3],
    [1e-300, 1e-299, 1e-300], [0, 7, 7], [0, 7, 8], [-0.3, 0.3, 0.1],
]
LINSPACES = [
    [0, 1, 11], [0.25, 2.5, 10], [0.02, 0.10, 9], [0.15, 0.50, 8], [1, 0, 5], [3, 7, 1], [3, 7, 2], [-1, 1, 21],
    [0, 1e-300, 4], [1e300, -1e300, 5], [2, 2, 1], [0.1, 0.3, 3], [-5, 5, 100],
]

rng = np.random.default_rng(285)
for _ in range(60):
    start, span, n = rng.normal(0, 10), rng.normal(0, 30), int(rng.integers(1, 40))
    ARANGES.append([start, start + span, span / n * rng.uniform(0.9, 1.1)])
    LINSPACES.append([start, start + span, n])

document = {
    'what': 'NumPy arange(from, to, step) and linspace(a, b, n), every value in shortest round-trip form',
    'numpy': np.__version__,
    'aranges': [{'args': args, 'values': [v + 0.0 for v in np.arange(*map(float, args)).tolist()]} for args in ARANGES],
    'linspaces': [{'args': args, 'values': [v + 0.0 for v in np.linspace(*args).tolist()]} for args in LINSPACES],
}
path = pathlib.Path(__file__).with_name('numpy-grids.json')
path.write_text(json.dumps(document) + '\n')

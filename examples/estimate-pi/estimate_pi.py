"""Estimates pi by throwing darts at a square: an experiment for Sluice in Python.

Sluice starts this program once for each computation that runs at a time, and writes it one line per
point, a JSON object of parameters. The program answers each with one line, a JSON object: the row, or
{"error": "..."}, which fails that point and no other. Standard output is for rows alone; anything else
goes to standard error, which Sluice puts into its log. The program ends when its input does.
"""

import json
import math
import random
import sys


def estimate_pi(darts, seed):
    """The row for one point; the same point gives the same row wherever it is computed."""
    if not isinstance(darts, int) or darts < 1:
        raise ValueError(f'darts is an integer of at least 1, found {darts!r}')
    generator = random.Random(seed)
    hits = sum(generator.random() ** 2 + generator.random() ** 2 < 1 for _ in range(darts))
    estimate = 4 * hits / darts
    return {'hits': hits, 'estimate': estimate, 'error_of_pi': abs(estimate - math.pi)}


def main():
    for line in sys.stdin:
        try:
            answer = estimate_pi(**json.loads(line))
        except Exception as error:  # whatever goes wrong at one point leaves the others alone
            answer = {'error': f'{type(error).__name__}: {error}'}
        # Without the flush, the answer would wait in a buffer, and Sluice for the answer.
        print(json.dumps(answer), flush=True)


if __name__ == '__main__':
    main()

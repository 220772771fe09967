"""The kernel's peers: reads {"method", "nrow", "ncol", "seed"} a line, answers with the top right singular
vector (base64 of little-endian doubles) and the seconds that drawing the block and solving it took."""
import base64
import json
import os
import sys
import time

try:
    import numpy as np
    import scipy
    import scipy.sparse.linalg
except ImportError as error:
    print(json.dumps({"missing": str(error)}), flush=True)
    sys.exit(0)


def generate_data(nrow, ncol, seed):
    """The course's block, as its map function draws it."""
    rng = np.random.default_rng(1 + seed * 10000)
    u = (-1.0) ** np.arange(nrow) / np.sqrt(nrow)
    v = (-1.0) ** (np.arange(ncol) + 1) / np.sqrt(ncol)
    return 3 * np.outer(u, v) + rng.normal(0, 1, (nrow, ncol)) / np.sqrt(nrow * ncol)


def blas():
    """The BLAS that NumPy loaded, which decides how fast its SVD is."""
    with open("/proc/self/maps", encoding="ascii") as maps:
        paths = {line.split()[-1] for line in maps if "blas" in os.path.basename(line.split()[-1])}
    named = [path for path in paths if os.path.basename(path).startswith("lib")]
    # Debian's libblas.so.3 is one of several; its folder tells which.
    return "/".join(sorted(named)[0].split("/")[-2:]) if named else "unknown"


SOLVERS = {
    "svd": lambda x: np.linalg.svd(x)[2][0],
    "svds": lambda x: scipy.sparse.linalg.svds(x, k=1)[2][0],
}

print(json.dumps({"numpy": np.__version__, "scipy": scipy.__version__, "blas": blas()}), flush=True)
for line in sys.stdin:
    request = json.loads(line)
    start = time.perf_counter()
    x = generate_data(request["nrow"], request["ncol"], request["seed"])
    v = SOLVERS[request["method"]](x)
    seconds = time.perf_counter() - start
    encoded = base64.b64encode(v.astype("<f8").tobytes()).decode("ascii")
    print(json.dumps({"seconds": seconds, "v": encoded}), flush=True)

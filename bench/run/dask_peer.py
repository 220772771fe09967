"""The peer of bench:run: the course's map function on a Dask LocalCluster, its frames appended to SQLite.

Arguments: the database's path, points, workers. Prints as JSON the seconds from before the cluster's start
to the last commit, those until the cluster was there, and v_alignment by seed. Imports are not counted. The
mapping, the batches and the appending are done as EMS does them; without EMS's log lines, and by the
standard library's SQLite in place of SQLAlchemy, which is faster.
"""

import json
import sqlite3
import sys
import time

import dask
import distributed
import numpy as np
import pandas as pd

# Cells that EMS gathers before it appends them: 200 rows of 1,000 columns.
BATCH_CELLS = 200_000


def generate_data(nrow, ncol, seed):
    """The course's block, and its true right singular vector."""
    rng = np.random.default_rng(1 + seed * 10000)
    u = np.array([(-1) ** i / np.sqrt(nrow) for i in range(nrow)])
    v = np.array([(-1) ** (i + 1) / np.sqrt(ncol) for i in range(ncol)])
    signal = 3 * np.outer(u, v)
    noise = rng.normal(0, 1, (nrow, ncol)) / np.sqrt(nrow * ncol)
    return signal + noise, v


def experiment(nrow, ncol, seed):
    """The course's row: parameters, alignment, and the vector by its components."""
    x, v_true = generate_data(nrow, ncol, seed)
    v_est = np.linalg.svd(x)[2][0]
    row = {"nrow": nrow, "ncol": ncol, "seed": seed, "v_alignment": float(np.inner(v_est, v_true))}
    row.update((f"ve{index:03d}", value) for index, value in enumerate(v_est))
    return pd.DataFrame([row])


def append(frames, connection):
    """Appends the frames in one transaction."""
    pd.concat(frames).to_sql("svd_block", connection, if_exists="append", index=False)
    connection.commit()


def compute(points, client, connection):
    """Maps the experiment over the seeds and appends what comes back, batch by batch."""
    parameters = [{"nrow": 1000, "ncol": 1000, "seed": seed} for seed in range(points)]
    futures = client.map(lambda parameter: experiment(**parameter), parameters)
    gathered = []
    for batch in distributed.as_completed(futures, with_results=True).batches():
        for future, frame in batch:
            gathered.append(frame)
            future.release()
        if len(gathered) * gathered[0].shape[1] > BATCH_CELLS:
            append(gathered, connection)
            gathered = []
    if gathered:
        append(gathered, connection)


def main(path, points, workers):
    connection = sqlite3.connect(path)
    begin = time.perf_counter()
    with distributed.LocalCluster(
        n_workers=workers, threads_per_worker=1, processes=True, dashboard_address=None
    ) as cluster, distributed.Client(cluster) as client:
        client.wait_for_workers(workers)
        start_seconds = time.perf_counter() - begin
        compute(points, client, connection)
        seconds = time.perf_counter() - begin
    alignments = connection.execute("SELECT v_alignment FROM svd_block ORDER BY seed").fetchall()
    connection.close()
    found = [alignment for (alignment,) in alignments]
    print(json.dumps({"seconds": seconds, "startSeconds": start_seconds, "alignments": found}))


if __name__ == "__main__":
    if sys.argv[1] == "--versions":
        versions = {"dask": dask, "distributed": distributed, "numpy": np, "pandas": pd}
        print(json.dumps({name: module.__version__ for name, module in versions.items()}))
    else:
        main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))

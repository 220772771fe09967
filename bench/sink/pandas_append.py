"""The peer of bench:sink: appends frames of wide rows to SQLite by pandas' to_sql, as EMS does.

Arguments: the database's path, rows, rows a frame. Prints {"rowsPerSecond": ..., "pandas": version} as JSON.
Making the frames is not counted.
"""

import json
import sqlite3
import sys
import time

import numpy
import pandas


def frame(first, rows):
    """A frame of `rows` rows of 1,004 columns, as svd-block's."""
    vectors = numpy.random.default_rng(first).random((rows, 1000)) - 0.5
    data = pandas.DataFrame(vectors, columns=[f"ve{index:03d}" for index in range(1000)])
    seeds = range(first, first + rows)
    left = pandas.DataFrame({"nrow": 1000, "ncol": 1000, "seed": seeds, "v_alignment": 0.97})
    return pandas.concat([left, data], axis=1)


def main(path, rows, batch):
    frames = [frame(first, min(batch, rows - first)) for first in range(0, rows, batch)]
    connection = sqlite3.connect(path)
    begin = time.perf_counter()
    for data in frames:
        data.to_sql("wide", connection, if_exists="append", index=False)
        connection.commit()
    seconds = time.perf_counter() - begin
    connection.close()
    print(json.dumps({"rowsPerSecond": rows / seconds, "pandas": pandas.__version__}))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))

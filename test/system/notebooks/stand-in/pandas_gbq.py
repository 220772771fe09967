"""A STAND-IN for pandas-gbq, for tests alone: Debian does not have pandas-gbq, and nothing here shows how that one behaves.

It sends the query to the fake of BigQuery at FAKE_BIGQUERY by the REST interface's jobs.query, page by page, and makes a
frame of the answer as pandas-gbq's documentation says of these types: INTEGER int64, FLOAT float64, others objects.
"""

import json
import os
import urllib.request

import pandas

TYPES = {"INTEGER": "int64", "INT64": "int64", "FLOAT": "float64", "FLOAT64": "float64"}


def read_gbq(query, project_id=None, credentials=None):
    base = f"{os.environ['FAKE_BIGQUERY']}/bigquery/v2/projects/{project_id}/queries"
    answer = ask(base, {"query": query, "useLegacySql": False, "maxResults": 25})
    fields = answer["schema"]["fields"]
    rows = answer.get("rows", [])
    job = answer["jobReference"]
    while "pageToken" in answer:
        answer = ask(f"{base}/{job['jobId']}?location={job['location']}&pageToken={answer['pageToken']}&maxResults=25")
        rows += answer.get("rows", [])
    cells = [[cell["v"] for cell in row["f"]] for row in rows]
    frame = pandas.DataFrame(cells, columns=[field["name"] for field in fields])
    return frame.astype({field["name"]: TYPES[field["type"]] for field in fields if field["type"] in TYPES})


def ask(address, body=None):
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(address, data=data, headers={"Content-Type": "application/json"})
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)

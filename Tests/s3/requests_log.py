"""Reads the requests that the gateway of Tests/s3/ceph has answered, from its log.

    python3 Tests/s3/requests_log.py FOLDER/log/client.rgw.log

At `debug_rgw = 1` the gateway writes one line a request:

    … beast: 0x7f…: 127.0.0.1 - apus [24/Nov/2026:23:42:30.689 +0000]
      "GET /bucket/key HTTP/1.1" 206 1000 - "apus" bytes=0-999 latency=0.004000000s

The number after the status is the body's length: of the answer to GET, of the request for PUT.
"""

import dataclasses
import re
import sys
import urllib.parse

LINE = re.compile(
    r'beast: 0x[0-9a-f]+: \S+ - (?P<user>\S+) \[[^\]]*\] '
    r'"(?P<method>[A-Z]+) (?P<target>.*?) HTTP/[0-9.]+" (?P<status>\d+) (?P<size>\d+) '
)


@dataclasses.dataclass
class Request:
    method: str
    path: str
    query: dict
    status: int
    size: int
    user: str

    @property
    def operation(self):
        """How Apus counts it."""
        if self.method == "GET":
            return "list" if "list-type" in self.query else "get"
        return {"HEAD": "head", "PUT": "put", "POST": "put", "DELETE": "delete"}[self.method]


def read(path, start=0):
    """Returns the requests logged from byte `start` on."""
    with open(path, "rb") as log:
        log.seek(start)
        text = log.read().decode("utf-8", "replace")
    found = []
    for match in LINE.finditer(text):
        path, _, query = match["target"].partition("?")
        found.append(
            Request(
                match["method"],
                urllib.parse.unquote(path),
                dict(urllib.parse.parse_qsl(query, keep_blank_values=True)),
                int(match["status"]),
                int(match["size"]),
                match["user"],
            )
        )
    return found


def size(path):
    """Where the log ends now: what `read` takes to see only later requests."""
    with open(path, "rb") as log:
        return log.seek(0, 2)


if __name__ == "__main__":
    for request in read(sys.argv[1]):
        print(request.method, request.path, request.query, request.status, request.size)

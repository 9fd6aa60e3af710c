"""A bucket on the S3 server of the tests, seen from outside: by boto3 and by the server's log."""

import json
import os
import pathlib
import subprocess
import sys
import time
import urllib.request
import uuid

import boto3
import requests_log

# Begins the names of objects that are asked for only to see the request in the log.
MARK = "mark-"
HERE = pathlib.Path(__file__).resolve().parent


class Lake:
    def __init__(self):
        self.endpoint = os.environ["APUS_TEST_S3_ENDPOINT"]
        self.log = os.environ["APUS_TEST_S3_LOG"]
        self.keys = {
            "AWS_ACCESS_KEY_ID": os.environ["APUS_TEST_S3_ACCESS_KEY"],
            "AWS_SECRET_ACCESS_KEY": os.environ["APUS_TEST_S3_SECRET_KEY"],
        }
        self.client = boto3.client(
            "s3",
            endpoint_url=self.endpoint,
            aws_access_key_id=self.keys["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=self.keys["AWS_SECRET_ACCESS_KEY"],
            region_name="us-east-1",
        )
        self.bucket = "lake-" + uuid.uuid4().hex[:12]
        self.uri = f"s3://{self.bucket}"
        self.client.create_bucket(Bucket=self.bucket)

    def environment(self, endpoint=None, **more):
        """What apus needs to find the bucket."""
        return {
            "AWS_ENDPOINT_URL": endpoint or self.endpoint,
            "AWS_REGION": "us-east-1",
            "AWS_EC2_METADATA_DISABLED": "true",
            **self.keys,
            **more,
        }

    def upload(self, path, key):
        self.client.upload_file(str(path), self.bucket, key)

    def keys_below(self, prefix=""):
        pages = self.client.get_paginator("list_objects_v2").paginate(
            Bucket=self.bucket, Prefix=prefix
        )
        return [entry["Key"] for page in pages for entry in page.get("Contents", [])]

    def remove_below(self, prefix):
        for key in self.keys_below(prefix):
            self.client.delete_object(Bucket=self.bucket, Key=key)

    def open_uploads(self):
        answer = self.client.list_multipart_uploads(Bucket=self.bucket)
        return [upload["Key"] for upload in answer.get("Uploads", [])]

    def log_position(self):
        """Where the log ends now, all requests that were answered before included."""
        self._await_log(requests_log.size(self.log))
        return requests_log.size(self.log)

    def requests_since(self, position):
        """The requests for this bucket that the server has answered since."""
        self._await_log(position)
        found = requests_log.read(self.log, position)
        return [
            request
            for request in found
            if request.path.startswith(f"/{self.bucket}/") or request.path == f"/{self.bucket}"
            if MARK not in request.path
        ]

    def _await_log(self, position):
        """The server logs after it answers: makes a request, and waits until that is logged."""
        mark = MARK + uuid.uuid4().hex
        self.client.delete_object(Bucket=self.bucket, Key=mark)
        deadline = time.monotonic() + 20
        while not any(mark in request.path for request in requests_log.read(self.log, position)):
            assert time.monotonic() < deadline, "the server logs nothing"
            time.sleep(0.01)


class FaultyProxy:
    """Tests/s3/faults.py between apus and the server."""

    def __init__(self, upstream):
        self.process = subprocess.Popen(
            [sys.executable, str(HERE / "faults.py"), upstream],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.port, self.control = (int(word) for word in self.process.stdout.readline().split())
        self.endpoint = f"http://127.0.0.1:{self.port}"

    def set(self, *rules):
        """Replaces the rules and forgets the requests."""
        self._call("/rules", json.dumps(rules).encode())

    def requests(self):
        return json.loads(self._call("/requests"))

    def _call(self, path, body=None):
        request = urllib.request.Request(f"http://127.0.0.1:{self.control}{path}", data=body)
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.read()

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self.process.stdin.close()
        self.process.wait(timeout=10)

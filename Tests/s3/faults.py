"""A proxy between an S3 client and its server that gets in the way by rule.

    python3 Tests/s3/faults.py http://127.0.0.1:7480

prints two ports, that of the proxy and that of its control, and runs until its standard input ends.
Requests go through byte for byte, their Host header with them, which signatures cover: the server
checks it as it came.

Control, over HTTP: `POST /rules` with a JSON list of rules replaces the rules and forgets the
requests; `GET /requests` answers with a list of `{"method", "target", "fault"}` since then. A rule:

    {"fault": "status", "status": 503, "code": "SlowDown", "method": "GET", "path": "part-1",
     "nth": 2, "times": 1}

`method`, and `path` as a regular expression for the target, say which requests it is about; of
those it takes the n-th and later, the first if nothing is said, and as many as `times` says, all if
nothing is said. The first rule that takes a request decides. The faults:

    status   answers `status` with an S3 error of that `code`; `header` adds one; nothing goes through
    cut      closes the connection after `bytes` of the answer's body
    short    lets the answer end, as it says itself, after `bytes` of its body
    shifted  says that another range came than was asked for
    reset    resets the connection instead of an answer; nothing goes through
    lost     lets the request through and resets the connection instead of the answer
    hang     never answers
    delay    waits for `seconds`
"""

import asyncio
import json
import re
import socket
import struct
import sys
import urllib.parse


class Rule:
    def __init__(self, description):
        self.fault = description["fault"]
        self.description = description
        self.seen = 0
        self.taken = 0

    def takes(self, method, target):
        if self.description.get("method", method) != method:
            return False
        if not re.search(self.description.get("path", ""), target):
            return False
        self.seen += 1
        if self.seen < self.description.get("nth", 1):
            return False
        if self.taken >= self.description.get("times", self.taken + 1):
            return False
        self.taken += 1
        return True


class Proxy:
    def __init__(self, upstream):
        address = urllib.parse.urlsplit(upstream)
        self.upstream = (address.hostname, address.port or 80)
        self.rules = []
        self.requests = []

    async def serve(self, reader, writer):
        """One connection of a client: requests one after the other."""
        try:
            while await self.exchange(reader, writer):
                pass
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    async def exchange(self, reader, writer):
        """One request and its answer; false if the connection is to be closed."""
        head = await reader.readuntil(b"\r\n\r\n")
        method, target, _ = head.split(b"\r\n")[0].decode().split(" ", 2)
        length = content_length(head) or 0
        if header(head, "expect"):
            writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        body = await reader.readexactly(length)
        rule = next((rule for rule in self.rules if rule.takes(method, target)), None)
        fault = rule.fault if rule else None
        options = rule.description if rule else {}
        self.requests.append({"method": method, "target": target, "fault": fault})

        if fault == "delay":
            await asyncio.sleep(options["seconds"])
        if fault == "hang":
            await reader.read()
            return False
        if fault == "reset":
            reset(writer)
            return False
        if fault == "status":
            answer = refusal(options, method)
            writer.write(answer)
            await writer.drain()
            return True

        answer_head, answer = await self.forward(head, body, method)
        if fault == "lost":
            reset(writer)
            return False
        if fault == "cut":
            writer.write(answer_head + answer[: options["bytes"]])
            await writer.drain()
            return False
        if fault == "short":
            answer = answer[: options["bytes"]]
            answer_head = with_header(answer_head, "Content-Length", str(len(answer)))
        if fault == "shifted":
            answer_head = with_header(answer_head, "Content-Range", "bytes 1-2/3")
        writer.write(answer_head + answer)
        await writer.drain()
        return True

    async def forward(self, head, body, method):
        """Asks the server over a connection of its own."""
        reader, writer = await asyncio.open_connection(*self.upstream)
        try:
            writer.write(with_header(head, "Connection", "close") + body)
            await writer.drain()
            answer_head = await reader.readuntil(b"\r\n\r\n")
            while answer_head.split(b" ")[1] == b"100":
                answer_head = await reader.readuntil(b"\r\n\r\n")
            answer = b""
            if method != "HEAD":
                answer = await read_body(reader, answer_head)
                answer_head = with_header(answer_head, "Transfer-Encoding", None)
                answer_head = with_header(answer_head, "Content-Length", str(len(answer)))
            return with_header(answer_head, "Connection", "keep-alive"), answer
        finally:
            writer.close()

    async def control(self, reader, writer):
        head = await reader.readuntil(b"\r\n\r\n")
        body = await reader.readexactly(content_length(head) or 0)
        if head.startswith(b"POST /rules "):
            self.rules = [Rule(description) for description in json.loads(body)]
            self.requests = []
        answer = json.dumps(self.requests).encode()
        writer.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: %d\r\n\r\n" % len(answer))
        writer.write(answer)
        await writer.drain()
        writer.close()


def header(head, name):
    match = re.search(rb"\r\n" + name.encode() + rb":[ \t]*([^\r]*)", head, re.IGNORECASE)
    return match[1].decode() if match else None


def content_length(head):
    value = header(head, "content-length")
    return int(value) if value is not None else None


async def read_body(reader, head):
    if head.split(b" ")[1] in (b"204", b"304"):
        return b""
    if header(head, "transfer-encoding") is None:
        length = content_length(head)
        return await (reader.read() if length is None else reader.readexactly(length))
    body = b""
    while size := int(await reader.readline(), 16):
        body += await reader.readexactly(size)
        await reader.readline()
    return body


def with_header(head, name, value):
    """Replaces a header, or takes it away."""
    lines = [
        line
        for line in head[:-4].split(b"\r\n")
        if not line.lower().startswith(name.lower().encode() + b":")
    ]
    if value is not None:
        lines.append(f"{name}: {value}".encode())
    return b"\r\n".join(lines) + b"\r\n\r\n"


def refusal(options, method):
    code = options.get("code", "InternalError")
    body = f"<?xml version='1.0'?><Error><Code>{code}</Code><Message>as told</Message></Error>".encode()
    extra = f"{options['header']}\r\n" if "header" in options else ""
    head = f"HTTP/1.1 {options['status']} As Told\r\n{extra}Content-Length: {len(body)}\r\n\r\n"
    return head.encode() + (b"" if method == "HEAD" else body)


def reset(writer):
    """Ends a connection with RST, as a server that crashes."""
    connection = writer.get_extra_info("socket")
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


async def main():
    proxy = Proxy(sys.argv[1])
    servers = [
        await asyncio.start_server(handler, "127.0.0.1", 0)
        for handler in (proxy.serve, proxy.control)
    ]
    print(*(server.sockets[0].getsockname()[1] for server in servers), flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(main())

"""Hands out keys as containers and machines on AWS do, to test those who ask for them.

    python3 Tests/s3/metadata.py

prints its port and runs until its standard input ends. `POST /answers` sets what it says:

    {"authorization": "secret", "answers": [{…}, {…}], "role": "lake"}

Every request for keys gets the next of the answers, the last for ever, as JSON; a status other than
200 is `{"status": 500}`. `GET /count` says how many requests for keys there were. `/container` wants
the authorization, the paths of EC2 want a token fetched before, as version 2 does.
"""

import http.server
import json
import sys
import threading

TOKEN = "a-token-of-the-machine"
ROLES = "/latest/meta-data/iam/security-credentials/"


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    settings = {"answers": [{}]}
    count = 0

    def log_message(self, *_):
        pass

    def answer(self, text, status=200):
        self.send_response(status)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text.encode())

    def keys(self):
        answers = self.settings["answers"]
        answer = answers[min(Handler.count, len(answers) - 1)]
        Handler.count += 1
        self.answer(json.dumps(answer), answer.get("status", 200))

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        Handler.settings = json.loads(body)
        Handler.count = 0
        self.answer("")

    def do_PUT(self):
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        has_lifetime = "X-aws-ec2-metadata-token-ttl-seconds" in self.headers
        if self.path == "/latest/api/token" and has_lifetime and "role" in self.settings:
            self.answer(TOKEN)
        else:
            self.answer("", 404)

    def do_GET(self):
        if self.path == "/count":
            self.answer(str(Handler.count))
        elif self.path == "/container":
            if self.headers.get("Authorization") == self.settings.get("authorization"):
                self.keys()
            else:
                self.answer("", 401)
        elif self.headers.get("X-aws-ec2-metadata-token") != TOKEN:
            self.answer("", 401)
        elif self.path == ROLES:
            self.answer(self.settings["role"] + "\n")
        elif self.path == ROLES + self.settings["role"]:
            self.keys()
        else:
            self.answer("", 404)


if __name__ == "__main__":
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    print(server.server_address[1], flush=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    sys.stdin.read()

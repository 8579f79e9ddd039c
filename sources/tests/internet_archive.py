"""Save Page Now 2 on this machine, answering as a test asks."""

import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

JOB = "spn2-0123456789abcdef0123456789abcdef01234567"
ACCEPTED = {"url": "https://example.org/", "job_id": JOB}
PENDING = {"status": "pending", "job_id": JOB, "resources": []}
SUCCESS = {"status": "success", "job_id": JOB, "timestamp": "20261124101112", "http_status": 200}


class Requests(BaseHTTPRequestHandler):
    """Answers `POST /save` and `GET /save/status/…`, and remembers what was asked."""

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.answer(self.server.archive.saves, parse_qs(body))

    def do_GET(self):
        self.answer(self.server.archive.states, {})

    def answer(self, answers, form):
        archive = self.server.archive
        archive.asked.append((self.command, self.path, self.headers, form))
        # The last answer stands for all that follow.
        answer = answers.pop(0) if len(answers) > 1 else answers[0]
        if callable(answer):
            answer = answer(self)
        if answer is not None:
            self.send(*answer if isinstance(answer, tuple) else (200, answer))

    def send(self, status, body, headers=()):
        body = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        """Say nothing."""


class InternetArchive:
    """What it answers, in this order: JSON, bytes, (status, body, headers), or a function."""

    def __init__(self):
        self.saves = [ACCEPTED]
        self.states = [SUCCESS]
        self.asked = []

    @property
    def paths(self):
        return [f"{method} {path}" for method, path, _, _ in self.asked]


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request, client_address):
        """Say nothing: a client that has enough is what some tests are about."""


@contextmanager
def internet_archive_server(tls=None):
    with Server(("127.0.0.1", 0), Requests) as server:
        if tls:
            server.socket = tls.wrap_socket(server.socket, server_side=True)
        server.archive = InternetArchive()
        server.archive.url = f"http{'s' if tls else ''}://127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        yield server.archive
        server.shutdown()
        thread.join()

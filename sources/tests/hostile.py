"""A web server on this machine that answers as badly as a test asks."""

import socket
import threading
from contextlib import contextmanager

OK = b"HTTP/1.1 200 OK\r\n"
HTML = b"Content-Type: text/html; charset=UTF-8\r\n"


def answer(body=b"<p>Hello.</p>", *, status="200 OK", headers=(), with_length=True):
    """Return a whole answer. `headers` are lines without their ends."""
    lines = [f"HTTP/1.1 {status}", *headers]
    if not any(line.lower().startswith("content-type:") for line in headers):
        lines.append("Content-Type: text/html; charset=UTF-8")
    if with_length:
        lines.append(f"Content-Length: {len(body)}")
    return "".join(f"{line}\r\n" for line in [*lines, ""]).encode("latin-1") + body


def redirect(location, status="302 Found"):
    return answer(b"", status=status, headers=[f"Location: {location}"])


class HostileServer:
    """Serves `pages`: by path, bytes to send, or a function that takes the connection.

    A path that has none is answered with 404. `requests` are the heads of what was asked.
    """

    def __init__(self, listener, tls=None):
        self.listener = listener
        self.tls = tls
        self.port = listener.getsockname()[1]
        self.pages = {}
        self.requests = []

    @property
    def paths(self):
        return [request.split()[1] for request in self.requests]

    def url(self, path="/"):
        return f"http{'s' if self.tls else ''}://127.0.0.1:{self.port}{path}"

    def serve(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self._answer, args=(connection,), daemon=True).start()

    def _answer(self, connection):
        try:
            if self.tls:
                connection = self.tls.wrap_socket(connection, server_side=True)
            with connection:
                self._answer_one(connection)
        except OSError:
            pass  # the client had enough, which is what most tests are about
        finally:
            connection.close()

    def _answer_one(self, connection):
        head = b""
        while b"\r\n\r\n" not in head:
            if not (piece := connection.recv(4096)):
                return
            head += piece
        self.requests.append(head.decode())
        page = self.pages.get(self.paths[-1])
        if callable(page):
            page(connection)
        else:
            connection.sendall(page or answer(status="404 Not Found"))


@contextmanager
def hostile_server(tls=None):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = HostileServer(listener, tls)
        threading.Thread(target=server.serve, daemon=True).start()
        yield server
        listener.shutdown(socket.SHUT_RDWR)

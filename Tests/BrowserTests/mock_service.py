"""A small stand-in for the service: the real assets, and an API of made-up answers, so that the browser tests can show
every state of the page at will (a failed request, a session that ends, a report that one may not have).

    python3 mock_service.py ASSETS [PORT]     prints the port, serves until its standard input ends
"""

import json
import pathlib
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlsplit

import mock_data

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; worker-src 'self'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
TYPES = {".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}


class World:
    """What the service knows. One lock; listeners are told of every change."""

    def __init__(self):
        self.changed = threading.Condition()
        self.version = 0
        self.reset({})

    def reset(self, options):
        with self.changed:
            self.options = options
            self.requests = mock_data.requests() if options.get("requests", True) else []
            self.log = []
            self.changed.notify_all()

    def put(self, request):
        with self.changed:
            self.requests = [request] + [r for r in self.requests if r["requestId"] != request["requestId"]]
            self.requests.sort(key=lambda r: r["submittedAt"], reverse=True)
            self.log.append(request)
            self.changed.notify_all()

    def find(self, tag, request_id):
        return next((r for r in self.requests if r["tag"] == tag and r["requestId"] == request_id), None)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    world = World()
    assets = None

    def log_message(self, *arguments):
        pass

    def do_GET(self):
        url = urlsplit(self.path)
        path, query = url.path, parse_qs(url.query)
        options = self.world.options
        if not path.startswith("/v1/"):
            return self.asset(path)
        if path == "/v1/session":
            return self.json(mock_data.session(options.get("session", "demo")))
        if options.get("ended"):
            return self.problem(401, "session: it has ended", "Sign in again.")
        if options.get("broken") and path in options["broken"]:
            return self.problem(503, "jobs.db: it cannot be opened", "Look at the log of the service.", "operator")
        if path == "/v1/reports":
            return self.json(mock_data.reports())
        if path == "/v1/collections":
            return self.json(mock_data.collections(query.get("query", [""])[0], int(query["limit"][0])))
        if path.startswith("/v1/collections/"):
            return self.json(mock_data.batches(unquote(path.split("/")[3])))
        if path == "/v1/requests":
            return self.json({"requests": self.world.requests[: int(query["limit"][0])]})
        if path == "/v1/events":
            return self.events()
        if path.endswith("/receipt"):
            return self.json({"counts": {}})
        if path.startswith("/v1/files/"):
            return self.file()
        self.problem(404, f"{path}: there is nothing of that path", "")

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers.get("Content-Length") or 0)) or b"{}")
        if self.path == "/mock":
            self.world.reset(body)
            return self.json({})
        if self.world.options.get("ended"):
            return self.problem(401, "session: it has ended", "Sign in again.")
        if self.headers.get("X-CSRF-Token") != "mock-token":
            return self.problem(403, "request: the token against forged requests is missing", "Reload the page.")
        if self.path == "/v1/preview":
            time.sleep(self.world.options.get("slow", 0))
            return self.json(mock_data.preview(body["report"]))
        if self.path == "/v1/requests":
            return self.submit(body)
        parts = [unquote(part) for part in self.path.split("/")]
        request = self.world.find(parts[3], parts[4]) if len(parts) == 6 else None
        if request is None:
            return self.problem(404, "request: there is none of that id", "")
        self.act(parts[5], dict(request))

    def act(self, action, request):
        if action == "links":
            if self.world.options.get("gone"):
                return self.problem(404, "file: it was deleted after 30 days", "Ask for a new file.", "requester")
            return self.json({"url": "/v1/files/mock", "expiresAt": "2026-11-21T12:00:00Z"})
        state = {"cancel": "CANCELLED"}.get(action, "SUBMITTED")
        request = mock_data.with_state(request, state)
        self.world.put(request)
        self.json(request)

    def submit(self, body):
        request = mock_data.submitted(body)
        self.world.put(request)
        threading.Thread(target=self.make, args=(request,), daemon=True).start()
        self.json(request, 201)

    def make(self, request):
        for step in mock_data.progress_of(request):
            time.sleep(0.25)
            self.world.put(step)

    def events(self):
        if self.world.options.get("silent"):
            return self.problem(503, "events: too many listeners", "")
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Cache-Control", "no-store")
        self.send_header("Connection", "close")
        self.end_headers()
        try:
            self.wfile.write(b": hello\n\n")
            self.wfile.flush()
            log, told = self.world.log, len(self.world.log)
            while True:
                with self.world.changed:
                    self.world.changed.wait_for(lambda: self.world.log is not log or len(log) > told, 1)
                    if self.world.log is not log or self.world.options.get("ended"):
                        return
                    news, told = log[told:], len(log)
                for request in news:
                    self.wfile.write(f"event: request\ndata: {json.dumps(request)}\n\n".encode())
                self.wfile.write(b": still here\n\n")
                self.wfile.flush()
        except OSError:
            pass
        finally:
            self.close_connection = True

    def file(self):
        body = mock_data.archive()
        self.send_response(200)
        self.send_header("Content-Type", "application/zip")
        self.send_header("Content-Disposition", 'attachment; filename="report.zip"')
        self.finish_with(body)

    def asset(self, path):
        name = {"/": "index.html", "/open": "open.html"}.get(path, path.removeprefix("/assets/"))
        file = (self.assets / name).resolve()
        if not file.is_file() or self.assets not in file.parents:
            return self.problem(404, f"{path}: there is nothing of that path", "")
        self.send_response(200)
        self.send_header("Content-Type", f"{TYPES[file.suffix]}; charset=utf-8")
        self.send_header("Content-Security-Policy", POLICY)
        self.send_header("Cache-Control", "no-cache")
        self.finish_with(file.read_bytes())

    def json(self, value, status=200):
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.finish_with(json.dumps(value).encode())

    def problem(self, status, title, detail, mender="requester"):
        self.send_response(status)
        self.send_header("Content-Type", "application/problem+json")
        members = {"title": title, "detail": detail, "status": status, "mender": mender, "instance": "urn:request:7f3a"}
        self.finish_with(json.dumps(members).encode())

    def finish_with(self, body):
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def serve(assets, port=0):
    """A running server on a thread of its own."""
    handler = type("MockHandler", (Handler,), {"assets": pathlib.Path(assets).resolve(), "world": World()})
    server = ThreadingHTTPServer(("127.0.0.1", port), handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


if __name__ == "__main__":
    running = serve(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 0)
    print(running.server_port, flush=True)
    sys.stdin.read()

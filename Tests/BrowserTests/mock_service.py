"""A small stand-in for the service: the real assets, and an API of made-up answers, so that the browser tests can show
every state of the page at will (a failed request, a session that ends, a report that one may not have).

    python3 mock_service.py ASSETS [PORT]     prints the port, serves until its standard input ends
"""

import contextlib
import html
import json
import pathlib
import re
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

# As the service answers the return of somebody whose sign-in did not work (SignInPages).
SIGN_IN_FAILED = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark"><title>Exhaust</title>
<link rel="icon" href="/assets/image/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/assets/style/base.css"><link rel="stylesheet" href="/assets/style/controls.css">
<link rel="stylesheet" href="/assets/style/frame.css"><script type="module" src="/assets/sign-in/failed.js"></script></head>
<body><header id="banner" class="banner"></header><main id="main" class="frame"><section id="failure" class="panel alone"
data-code="unauthenticated" data-mender="requester"><p>sign-in: this browser did not begin it, or took longer than ten minutes</p>
<p>Sign in again.</p><a class="button primary" href="/v1/sign-in">Exhaust</a></section></main>
<footer id="colophon" class="colophon"></footer></body></html>
"""


class World:
    """What the service knows. One lock; listeners are told of every change."""

    def __init__(self):
        self.changed = threading.Condition()
        self.listeners = 0
        self.reset({})

    def reset(self, options):
        with self.changed:
            self.options = options
            self.requests = mock_data.requests() if options.get("requests", True) else []
            self.requests += mock_data.old_requests(options.get("old", 0))
            self.log = []
            self.changed.notify_all()

    def put(self, request):
        with self.changed:
            self.requests = [request] + [r for r in self.requests if r["requestId"] != request["requestId"]]
            self.requests.sort(key=lambda r: r["submittedAt"], reverse=True)
            self.log.append(request)
            self.changed.notify_all()

    def drop(self, request_id):
        """A request that is no longer to be seen, without an event."""
        with self.changed:
            self.requests = [r for r in self.requests if r["requestId"] != request_id]

    def page(self, limit, before):
        """Newest first, `limit` at the most, from behind the cursor."""
        start = next((i + 1 for i, r in enumerate(self.requests) if r["requestId"] == before), 0)
        found = self.requests[start : start + min(limit, 200)]
        more = start + len(found) < len(self.requests)
        return {"requests": found, "next": found[-1]["requestId"] if more else None}

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
        if path == "/mock/provider":
            return self.plain("<!doctype html><html lang=en><title>Provider</title><h1>Signed out of the provider</h1></html>")
        if path == "/mock/sign-in-failed":
            return self.plain(SIGN_IN_FAILED)
        if not path.startswith("/v1/"):
            return self.asset(path)
        if path == "/v1/session":
            return self.json(mock_data.session(options.get("session", "demo"), options.get("signInPath")))
        if options.get("ended"):
            return self.problem(401, "session: it has ended", "Sign in again.")
        if options.get("broken") and path in options["broken"]:
            return self.problem(503, "jobs.db: it cannot be opened", "Look at the log of the service.", "operator")
        if path == "/v1/reports":
            return self.json(mock_data.reports(options.get("protected", []), query.get("collection", [None])[0]))
        if path == "/v1/collections":
            text, limit = query.get("query", [""])[0], int(query["limit"][0])
            return self.json(mock_data.collections(text, limit, options.get("byName", True)))
        if path.startswith("/v1/collections/"):
            return self.json(mock_data.batches(unquote(path.split("/")[3])))
        if path == "/v1/requests":
            return self.json(self.world.page(int(query["limit"][0]), query.get("before", [None])[0]))
        if path == "/v1/events":
            return self.events()
        if path.endswith("/receipt"):
            parts = [unquote(part) for part in path.split("/")]
            return self.json(mock_data.receipts(self.world.find(parts[3], parts[4])))
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
        if self.path == "/v1/sign-out":
            return self.json({"signedIn": False, "continueAt": self.world.options.get("continueAt")})
        if self.path == "/v1/preview":
            time.sleep(self.world.options.get("slow", 0))
            return self.json(mock_data.preview(body["report"]))
        if self.path == "/v1/requests":
            if self.lacks_password(body["report"], body):
                return self.problem(400, "password: it is missing", "Choose one of 12 characters or more.")
            return self.submit(body)
        parts = [unquote(part) for part in self.path.split("/")]
        request = self.world.find(parts[3], parts[4]) if len(parts) == 6 else None
        if request is None:
            return self.problem(404, "request: there is none of that id", "")
        self.act(parts[5], dict(request), body)

    def act(self, action, request, body):
        if action == "links":
            if self.world.options.get("gone"):
                return self.problem(404, "file: it was deleted after 30 days", "Ask for a new file.", "requester")
            return self.json({"url": "/v1/files/mock", "expiresAt": "2026-11-21T12:00:00Z"})
        if action in ("retry", "fresh") and self.lacks_password(request["report"], body):
            return self.problem(400, "password: it is missing", "Choose one of 12 characters or more.")
        state = {"cancel": "CANCELLED"}.get(action, "SUBMITTED")
        request = mock_data.with_state(request, state)
        self.world.put(request)
        self.json(request)

    def lacks_password(self, report, body):
        return report in self.world.options.get("protected", []) and not body.get("password")

    def submit(self, body):
        request = mock_data.submitted(body)
        self.world.put(request)
        if self.world.options.get("lateAnswer"):
            self.make(request)
            time.sleep(1)
        else:
            threading.Thread(target=self.make, args=(request,), daemon=True).start()
        self.json(request, 201)

    def make(self, request):
        for step in mock_data.progress_of(request):
            time.sleep(0.25)
            self.world.put(step)

    def events(self):
        if self.world.options.get("silent"):
            return self.problem(503, "events: too many listeners", "")
        with self.world.changed:
            self.world.listeners += 1
            self.world.changed.notify_all()
        try:
            self.tell()
        finally:
            with self.world.changed:
                self.world.listeners -= 1
                self.world.changed.notify_all()

    def tell(self):
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
        name = {"/": "index.html", "/open": "open.html", "/favicon.ico": "image/icon.svg"}.get(path, path.removeprefix("/assets/"))
        file = (self.assets / name).resolve()
        if not file.is_file() or self.assets not in file.parents:
            return self.problem(404, f"{path}: there is nothing of that path", "")
        self.send_response(200)
        self.send_header("Content-Type", f"{TYPES[file.suffix]}; charset=utf-8")
        self.send_header("Content-Security-Policy", POLICY)
        self.send_header("Cache-Control", "no-cache")
        self.finish_with(filled(self.assets, file))

    def json(self, value, status=200):
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.finish_with(json.dumps(value).encode())

    def plain(self, text):
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.finish_with(text.encode())

    def problem(self, status, title, detail, mender="requester"):
        self.send_response(status)
        self.send_header("Content-Type", "application/problem+json")
        code = {400: "invalidInput", 401: "unauthenticated", 403: "forbidden", 404: "notFound", 503: "unavailable"}[status]
        members = {"title": title, "detail": detail, "status": status, "code": code, "mender": mender, "instance": "urn:request:7f3a"}
        self.finish_with(json.dumps(members).encode())

    def finish_with(self, body):
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        # A page that is left takes no answer any more.
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            self.wfile.write(body)


def filled(assets, file):
    """The file; in pages the words that stand there before any script runs are put in, as the program does."""
    content = file.read_bytes()
    if file.suffix != ".html":
        return content
    script = (assets / "texts/en.js").read_text()
    words = json.loads(re.search(r"^export const still = (.*?);$", script, re.DOTALL | re.MULTILINE)[1])
    return re.sub(rb"\{\{(\w+)\}\}", lambda found: html.escape(words[found[1].decode()]).encode(), content)


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

"""Passes requests on to a store, and goes wrong by a plan: one word a request, in order; after the plan all goes well.

usage: faulty_proxy.py HOST:PORT PLAN     prints its own HOST:PORT; each request adds a line to standard output

PLAN is words with commas between them, `word*N` for N of them:
  ok      passes request and answer on
  500     answers 500 itself
  cut     reads the request and closes the connection
  late    passes the request on, and closes the connection without the answer
  half    passes the request on, and cuts the answer off in its middle
"""

import http.client
import http.server
import socket
import sys
import threading

TARGET, PLAN = sys.argv[1], []
for part in sys.argv[2].split(","):
    word, _, count = part.partition("*")
    PLAN += [word] * int(count or 1)
LOCK = threading.Lock()


class Proxy(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def handle_one_request(self):
        try:
            super().handle_one_request()
        except (ConnectionError, TimeoutError):
            self.close_connection = True

    def serve(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        with LOCK:
            word = PLAN.pop(0) if PLAN else "ok"
            print(word, self.command, self.path.split("?")[0], flush=True)
        if word == "cut":
            return self.drop()
        if word == "500":
            return self.answer(500, [], b"<Error><Code>InternalError</Code></Error>")
        store = http.client.HTTPConnection(TARGET, timeout=60)
        # The signature covers the host, so it goes on as it came.
        store.putrequest(self.command, self.path, skip_host=True, skip_accept_encoding=True)
        for name, value in self.headers.items():
            if name.lower() != "connection":
                store.putheader(name, value)
        store.endheaders(body or None)
        answer = store.getresponse()
        content = answer.read()
        fields = [pair for pair in answer.getheaders() if pair[0].lower() not in ("connection", "transfer-encoding")]
        store.close()
        if word == "late":
            return self.drop()
        self.answer(answer.status, fields, content, cut=word == "half")

    def answer(self, status, fields, content, cut=False):
        self.send_response_only(status)
        for name, value in fields:
            if name.lower() != "content-length" or self.command == "HEAD":
                self.send_header(name, value)
        if self.command != "HEAD":
            self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content[: len(content) // 2] if cut else content)
        if cut:
            self.drop()

    def drop(self):
        self.close_connection = True
        self.wfile.flush()
        self.connection.shutdown(socket.SHUT_RDWR)

    do_GET = do_PUT = do_POST = do_DELETE = do_HEAD = serve

    def log_message(self, *_):
        pass


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_):
        pass


SERVER = Server(("127.0.0.1", 0), Proxy)
print(f"127.0.0.1:{SERVER.server_address[1]}", flush=True)
sys.stderr.write(f"listening 127.0.0.1:{SERVER.server_address[1]}\n")
sys.stderr.flush()
SERVER.serve_forever()

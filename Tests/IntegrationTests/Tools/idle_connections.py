"""Holds COUNT idle connections to a server and tells how long others wait meanwhile.

usage: idle_connections.py HOST PORT COUNT SECONDS
Prints one line of JSON: connections made, seconds until a further client was answered while all were idle, whether a
connection with a request under way got its answer, and the seconds until the server had closed every idle one.
"""

import json
import resource
import select
import socket
import sys
import time

host, port, count, limit = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4])
hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
if hard != resource.RLIM_INFINITY and hard < count + 64:
    sys.exit(f"only {hard} open files are allowed")
resource.setrlimit(resource.RLIMIT_NOFILE, (hard if hard != resource.RLIM_INFINITY else count + 64, hard))


def answer(seconds):
    """Seconds until /health was answered on a connection of its own."""
    begun = time.monotonic()
    with socket.create_connection((host, port), timeout=seconds) as client:
        client.settimeout(seconds)
        client.sendall(b"GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        text = b""
        while piece := client.recv(65536):
            text += piece
    if not text.startswith(b"HTTP/1.1 200"):
        sys.exit(f"not served: {text[:100]!r}")
    return time.monotonic() - begun


begun = time.monotonic()
idle = []
for number in range(count):
    client = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    client.settimeout(limit)
    client.connect((host, port))
    idle.append(client)
connected = time.monotonic() - begun
served = answer(limit)

poll = select.poll()
waiting = {}
for client in idle:
    client.setblocking(False)
    poll.register(client, select.POLLIN)
    waiting[client.fileno()] = client
while waiting and time.monotonic() - begun < limit * 4:
    for descriptor, _ in poll.poll(1000):
        try:
            if waiting[descriptor].recv(1024):
                sys.exit("an idle connection was answered")
        except ConnectionResetError:
            pass
        poll.unregister(descriptor)
        waiting.pop(descriptor).close()
closed = time.monotonic() - begun
print(json.dumps({"connections": count, "connected": connected, "served": served, "left": len(waiting), "closed": closed}))

"""Asks a server over TLS, trusting one certificate alone; prints the protocol and the answer's status line.

usage: tls_answer.py HOST PORT CERTIFICATE
"""

import socket
import ssl
import sys

host, port, certificate = sys.argv[1], int(sys.argv[2]), sys.argv[3]
context = ssl.create_default_context(cafile=certificate)
with socket.create_connection((host, port), timeout=30) as plain:
    with context.wrap_socket(plain, server_hostname=host) as client:
        # Nothing is known of it any more once the server has closed.
        version = client.version()
        client.sendall(b"GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        text = b""
        while piece := client.recv(65536):
            text += piece
        print(version)
        print(text.decode())

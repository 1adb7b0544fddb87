"""Fills a user cache as a deployment has it: hashes user:<userid> in one database, from the rows of a sample.

usage: fill_redis.py HOST:PORT DATABASE USERS.jsonl.gz [FIELD=VALUE …]   fields that every user gets instead of their own
"""

import gzip
import json
import socket
import sys


def command(*words):
    encoded = [word.encode() for word in words]
    return b"*%d\r\n" % len(encoded) + b"".join(b"$%d\r\n%s\r\n" % (len(word), word) for word in encoded)


def main():
    address, database, users, *changes = sys.argv[1:]
    host, port = address.split(":")
    change = dict(text.split("=", 1) for text in changes)
    with gzip.open(users, "rt", encoding="utf-8") as file:
        rows = [json.loads(line) for line in file]
    sent = [command("SELECT", database)]
    for row in rows:
        fields = {name: value for name, value in row.items() if value is not None} | change
        pairs = [
            text
            for name, value in fields.items()
            for text in (name, value if isinstance(value, str) else json.dumps(value))
        ]
        sent.append(command("HSET", f"user:{row['userid']}", *pairs))
    with socket.create_connection((host, int(port)), timeout=30) as connection:
        connection.sendall(b"".join(sent))
        answers = connection.makefile("rb")
        for _ in sent:
            answer = answers.readline()
            assert answer[:1] in b"+:", answer


main()

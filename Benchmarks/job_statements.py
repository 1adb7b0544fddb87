"""What the job store sends for one lease and one success, read from PostgreSQL's own log, as a script of pgbench: the same
statements in the same round trips, of whatever request is next."""

import re

# After these the store waits for the answer; what stands before goes out with them.
WAITS = [
    r"clock_timestamp\(\)\) \* 1000\)::bigint$", r'"job_batch" WHERE finished_at', r"OFFSET .* FOR UPDATE OF r SKIP LOCKED$",
    r'FROM "bench"."job_run" n WHERE tag = .* FOR UPDATE$', r"r.status::text\) IN \('SUBMITTED', 'FAILED'\)", r"^COMMIT$",
]
LINE = re.compile(r"^\d{4}-\d\d-\d\d [\d:.]+ \w+ \[\d+\] (LOG|DETAIL):  (?:execute \w+: |parameters: )(.*)$")
OTHER = re.compile(r"^\d{4}-\d\d-\d\d ")
PARAMETER = re.compile(r"\$(\d+) = (NULL|'(?:[^']|'')*')")


def recorded(log: str) -> list[tuple[str, dict[int, str]]]:
    """Statements with their parameters as literals, in order."""
    found: list[tuple[str, dict[int, str]]] = []
    continues = False
    for line in log.splitlines():
        match = LINE.match(line)
        if match and match[1] == "LOG":
            found.append((match[2], {}))
        elif match:
            found[-1][1].update({int(number): value for number, value in PARAMETER.findall(match[2])})
        elif continues and not OTHER.match(line):
            found[-1] = (f"{found[-1][0]} {line.strip()}", found[-1][1])
        continues = bool(match and match[1] == "LOG") or (continues and not OTHER.match(line))
    return found


def literal(value: str) -> str:
    if value == "'t:org'":
        return ":tag"
    if re.fullmatch(r"'R\d+'", value):
        return ":id"
    # Every request has another share key and question, and a time of its own.
    if re.fullmatch(r"'[0-9a-f]{64}'", value):
        return "(md5(:id::text) || md5(:id::text))"
    if re.fullmatch(r"'\d{4}-\d\d-\d\d .*'", value):
        return "now()"
    return value


def script(log: str) -> str:
    """The second lease and success of the log: what had to be prepared once is then prepared."""
    statements = recorded(log)
    begins = [place for place, (text, _) in enumerate(statements) if text.startswith("BEGIN")]
    ends = [place for place, (text, _) in enumerate(statements) if text == "COMMIT"]
    last = next(place for place, (text, _) in enumerate(statements) if "SET status" in text and "dt_job_completed" in text)
    first = next(begin for begin in begins if begin > last)
    cycle = statements[first : [end for end in ends if end > first][1] + 1]
    lines, trip = [], []
    for text, parameters in cycle:
        trip.append(re.sub(r"\$(\d+)", lambda found: literal(parameters[int(found[1])]), text))
        if not any(re.search(pattern, text) for pattern in WAITS):
            continue
        if "OFFSET" in text:
            # Which request it is.
            trip = [re.sub(r"SELECT r\.tag::text, r\.request_id::text,", "SELECT r.tag::text AS tag, r.request_id::text AS id,",
                           trip[0]) + r" \gset"]
            lines += trip
        elif len(trip) == 1:
            lines.append(trip[0] + ";")
        else:
            lines += [r"\startpipeline", *(statement + ";" for statement in trip), r"\endpipeline"]
        trip = []
    assert not trip and any(line.endswith(r"\gset") for line in lines), "the store's statements have changed: see WAITS"
    return "\n".join(lines) + "\n"

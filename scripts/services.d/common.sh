# What the servers' scripts share; they source it. Each is run as `NAME up DIR`, `NAME down DIR` or `NAME status DIR`:
#   up      starts the server with everything it keeps in DIR (made if missing; a server that was there before starts
#           again on its old port), waits until it answers, and prints NAME=VALUE lines: addresses for the tests.
#           Ends with 3 after a message if what it needs is not installed.
#   down    ends it; no error if it does not run.
#   status  ends with 0 if it answers.

# A server must not keep open what the program has open that starts it; 255 is the script itself.
for descriptor in /proc/$$/fd/*; do
    descriptor=${descriptor##*/}
    if ((descriptor > 2 && descriptor != 255)); then exec {descriptor}>&-; fi
done

# not_installed SERVER WHAT REMEDY
not_installed() {
    echo "services: $1 needs $2. $3" >&2
    exit 3
}

free_port() {
    python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

# kept_port DIR: the port of the server in DIR, the same each time.
kept_port() {
    [[ -s "$1/port" ]] || free_port >"$1/port"
    cat "$1/port"
}

# wait_until SECONDS COMMAND …
wait_until() {
    local end=$((SECONDS + $1))
    shift
    until "$@" >/dev/null 2>&1; do
        ((SECONDS < end)) || return 1
        sleep 0.05
    done
}

# is_running PIDFILE
is_running() { [[ -s "$1" ]] && kill -0 "$(head -n 1 "$1")" 2>/dev/null; }

# end_process PIDFILE: asks it to end, and makes it after 10 s.
end_process() {
    is_running "$1" || return 0
    local pid
    pid=$(head -n 1 "$1")
    kill "$pid" 2>/dev/null || true
    has_ended() { ! kill -0 "$pid" 2>/dev/null; }
    wait_until 10 has_ended || kill -9 "$pid" 2>/dev/null || true
    rm -f "$1"
}

# What scripts here share: Debian's packages, and environments for Python. To be read in, not run.

say() { printf '%s\n' "$*" >&2; }
give_up() { say "$*"; exit 1; }

# As root, or with sudo that asks nothing, missing Debian packages can be had; otherwise say which.
as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"
    elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then sudo -n "$@"
    else return 1
    fi
}
install_packages() {
    command -v apt-get >/dev/null || return 1
    say "Installing $* …"
    local log; log=$(mktemp)
    if ! { as_root apt-get update -q && as_root env DEBIAN_FRONTEND=noninteractive \
            apt-get install -y -q --no-install-recommends "$@"; } >"$log" 2>&1; then
        tail -n 5 "$log" >&2; rm -f "$log"; return 1
    fi
    rm -f "$log"
}

find_python() {
    local name
    for name in python3.11 python3.12 python3.13 python3.14 python3; do
        if command -v "$name" >/dev/null && "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            command -v "$name"; return
        fi
    done
    return 1
}

# make_python FOLDER: an environment of its own, by a Python that is new enough.
make_python() {
    [ ! -x "$1/bin/pip" ] || return 0
    local python
    python=$(find_python) || { install_packages python3 python3-venv && python=$(find_python); } \
        || give_up "Python 3.11 or newer is needed: install python3."
    "$python" -c 'import ensurepip, venv' 2>/dev/null || install_packages python3-venv \
        || give_up "Python cannot make virtual environments: install python3-venv."
    rm -rf "$1"
    "$python" -m venv "$1"
}

# make_environment FOLDER LOCK [WHEELS]: with the packages of a lock file, from a folder of wheels if one is named.
make_environment() {
    make_python "$1"
    local wanted from=()
    wanted=$(sha256sum "$2" | cut -c1-16)
    [ "$(cat "$1/stamp" 2>/dev/null)" != "$wanted" ] || return 0
    say "Installing the packages of $2 …"
    [ -z "${3:-}" ] || from=(--no-index --find-links "$3")
    "$1/bin/pip" install -q --disable-pip-version-check --require-hashes --no-deps ${from[@]+"${from[@]}"} -r "$2"
    echo "$wanted" > "$1/stamp"
}

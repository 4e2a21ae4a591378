# Shared by the scripts of this folder; sourced, not run.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"

# What the sources need besides Swift: headers and libraries of SQLite, OpenSSL and LZ4.
packages=(libsqlite3-dev libssl-dev liblz4-dev)

# Installs Debian packages that are missing; needs root for that, and says so.
need_packages() {
    command -v dpkg-query >/dev/null || return 0
    local missing=() package
    for package in "$@"; do
        dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' || missing+=("$package")
    done
    [ ${#missing[@]} -eq 0 ] && return 0
    echo "installing ${missing[*]}" >&2
    local as_root=()
    if [ "$(id -u)" -ne 0 ]; then as_root=(sudo); fi
    "${as_root[@]}" apt-get update -qq >&2
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "${missing[@]}" >&2
}

need_swift() {
    if ! command -v swift >/dev/null; then
        echo "swift is not installed; see https://www.swift.org/install" >&2
        exit 69
    fi
}

# Builds the program in release and puts its path into $gavel. Nothing is built where nothing has changed.
build_release() {
    need_swift
    need_packages "${packages[@]}"
    echo "building (release)" >&2
    swift build -c release --product gavel >&2
    gavel=$(swift build -c release --show-bin-path)/gavel
}

# As above, but takes what is built already: for what must also work in the middle of a change.
find_release() {
    gavel=.build/release/gavel
    if [ ! -x "$gavel" ]; then build_release; fi
}

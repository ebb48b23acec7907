# SPDX-License-Identifier: MIT
# What samples/run.sh and tests/run.sh share: installs Debian packages that are missing, builds a preset.
# shellcheck shell=bash

# install_missing PACKAGE...: asks apt only when dpkg does not have them all.
install_missing() {
    local package missing=() sudo=()
    for package; do
        [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2> /dev/null)" = installed ] ||
            missing+=("$package")
    done
    [ ${#missing[@]} -gt 0 ] || return 0
    [ "$(id -u)" = 0 ] || sudo=(sudo)
    echo "installing ${missing[*]}"
    "${sudo[@]}" apt-get -qq update
    "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq -y --no-install-recommends install \
        "${missing[@]}" > /dev/null
}

# What it takes to build and to make the sample clips.
# shellcheck disable=SC2034 # read by the scripts that source this
packages="build-essential cmake ninja-build pkg-config libavcodec-dev libavfilter-dev libavformat-dev
    libavutil-dev libjansson-dev check ffmpeg"

# The CUDA compiler, where CMake will find it too; empty without one.
find_nvcc() {
    local candidate
    for candidate in "${CUDACXX:-}" "$(command -v nvcc || true)" /usr/local/cuda/bin/nvcc; do
        if [ -n "$candidate" ] && [ -x "$candidate" ]; then
            echo "$candidate"
            return
        fi
    done
}

say_without_nvcc() {
    [ -n "$(find_nvcc)" ] || echo "No nvcc: building for the CPU alone."
}

# build_preset PRESET FOLDER OPTIONS...: silent unless it fails, and quick when nothing has changed. OPTIONS are for
# cmake --build.
build_preset() {
    local -r log=$2/build.log
    mkdir -p "$2"
    cmake --preset "$1" > "$log" 2>&1 && cmake --build "$2" "${@:3}" >> "$log" 2>&1 && return
    tail -n 60 "$log" >&2
    return 1
}

#!/bin/bash
# SPDX-License-Identifier: MIT
# Runs the program as a person would and compares what it prints and returns, to the byte.
#
#     tests/cli/run.sh BUILD_DIR [CASE...]             compare
#     UPDATE=1 tests/cli/run.sh BUILD_DIR [CASE...]    accept what comes now
#
# A case is NAME.sh with, beside it, NAME.out and NAME.err (none: nothing is printed) and NAME.code
# (none: 0). It runs in an empty folder of its own, finds warpreel in its PATH and clips in $SAMPLES;
# a case that needs a clip names it in a line "# needs: CLIP" and is skipped, with a word, without it.
set -u

if [ $# -lt 1 ] || [ ! -x "$1/warpreel" ]; then
    echo "usage: [UPDATE=1] tests/cli/run.sh BUILD_DIR [CASE...]" >&2
    exit 2
fi
cases=$(cd "$(dirname "$0")" && pwd)
build=$(cd "$1" && pwd)
shift
[ "${1:-}" = UPDATE=1 ] && UPDATE=1 && shift

export SAMPLES=$build/samples PATH=$build:$PATH LC_ALL=C TERM=dumb
unset WARPREEL_CPU POSIXLY_CORRECT
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# Expected files exist only if they say something: an empty one, or an exit code of 0, is left out.
accept() {
    local name=$1
    for part in out err code; do
        if [ -s "$scratch/$part" ]; then
            cp "$scratch/$part" "$cases/$name.$part"
        else
            rm -f "$cases/$name.$part"
        fi
    done
}

compare() {
    local name=$1 same=0
    for part in out err code; do
        local expected=$cases/$name.$part
        [ -e "$expected" ] || expected=/dev/null
        diff -u --label "expected $part" --label "$part" "$expected" "$scratch/$part" || same=1
    done
    return $same
}

missing_clip() {
    local clip
    for clip in $(sed -n 's/^# needs: //p' "$cases/$1.sh"); do
        [ -e "$SAMPLES/$clip" ] || echo "$clip"
    done
}

# A case has a minute, or as WARPREEL_TEST_TIMEOUT says: none may hang.
run() {
    rm -rf "$scratch/folder"
    mkdir "$scratch/folder"
    (cd "$scratch/folder" && exec timeout -k 5 "${WARPREEL_TEST_TIMEOUT:-60}" bash "$cases/$1.sh") \
        >"$scratch/out" 2>"$scratch/err" </dev/null
    local code=$?
    : >"$scratch/code"
    [ $code -eq 0 ] || echo $code >"$scratch/code"
}

passed=0 failed=0 skipped=0
for script in "$cases"/*.sh; do
    name=$(basename "$script" .sh)
    [ "$name" = run ] && continue
    [ $# -gt 0 ] && [[ " $* " != *" $name "* ]] && continue
    missing=$(missing_clip "$name")
    if [ -n "$missing" ]; then
        echo "skipped: $name (no" $missing")"
        skipped=$((skipped + 1))
        continue
    fi
    run "$name"
    if [ -n "${UPDATE:-}" ]; then
        accept "$name"
    elif compare "$name"; then
        passed=$((passed + 1))
    else
        echo "FAILED: $name"
        failed=$((failed + 1))
    fi
done
echo "cli: $passed passed, $failed failed, $skipped skipped"
[ $failed -eq 0 ] && [ $((passed + skipped)) -gt 0 ] || [ -n "${UPDATE:-}" ]

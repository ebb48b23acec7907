# SPDX-License-Identifier: MIT
# What the test scripts share: places, how a case is counted, how the program is called.
# A script sources this with its own arguments, the first of which is the build folder.
# shellcheck shell=bash
# shellcheck disable=SC2034 # most of what is set here is read by the scripts

set -u
export LC_ALL=C

tests=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(dirname "$tests")
build=${1:-$root/build}
[ -x "${WARPREEL:-$build/warpreel}" ] || { echo "not built: $build/warpreel" >&2; exit 2; }
build=$(cd "$build" && pwd)
warpreel=${WARPREEL:-$build/warpreel}
device=${WARPREEL_TEST_DEVICE:-cpu}
jobs=${WARPREEL_TEST_JOBS:-$(nproc)}
limit=${WARPREEL_TEST_TIMEOUT:-120} # seconds for one run of the program
work=$(mktemp -d "${TMPDIR:-/tmp}/warpreel-test.XXXXXX")
trap '[ "$BASHPID" != $$ ] || rm -rf "$work"' EXIT # a child that is killed at birth still has this trap
trap 'exit 130' INT TERM

pass() { echo ok >> "$work/results" && echo "ok $1"; }
fail() { echo FAIL >> "$work/results" && echo "FAIL $1: $2"; }
skip() { echo skip >> "$work/results" && echo "skip $1: $2"; }

# fine_time_base WORD: what ffmpeg's -enc_time_base takes to keep the times of the demuxer or of a filter, whichever
# WORD names. Older versions know no words: a number stands for the demuxer's.
fine_time_base() {
    if ffmpeg -nostdin -v quiet -f lavfi -i color=size=16x16 -frames:v 1 -enc_time_base "$1" -f null -; then
        echo "$1"
    else
        echo -1
    fi
}

# verdict NAME [REASON]: passed if there is no reason why not.
verdict() {
    if [ -z "${2:-}" ]; then pass "$1"; else fail "$1" "$2"; fi
}

count() { grep -cx "$1" "$work/results" 2> /dev/null || true; }

finish() {
    local -r passed=$(count ok) failed=$(count FAIL) skipped=$(count skip)
    echo "${passed:-0} passed, ${failed:-0} failed, ${skipped:-0} skipped"
    [ "${failed:-0}" = 0 ] && [ "${passed:-0}" != 0 ]
    exit
}

# each FUNCTION: calls FUNCTION LINE for every line of stdin, as many at a time as there are processors. Where each
# run is slow, WARPREEL_TEST_SAMPLE=N takes every N-th line only.
each() {
    local line number=0
    while IFS= read -r line; do
        [ $((number++ % ${WARPREEL_TEST_SAMPLE:-1})) = 0 ] || continue
        while [ "$(jobs -rp | wc -l)" -ge "$jobs" ]; do wait -n || true; done
        { said=$work/said.$BASHPID && "$1" "$line"; } < /dev/null &
    done
    wait
}

# reel OPTIONS...: runs the program; what it says on stderr goes to the file $said.
said=$work/said
reel() {
    timeout -k 5 "$limit" "$warpreel" --device "$device" "$@" 2> "$said" < /dev/null
}

# said_last: the last thing it said, for the reason of a failure; of a sanitizer its summary.
said_last() {
    { grep '^SUMMARY:' "$said" || tail -n 1 "$said"; } | head -n 1 | cut -c 1-300
}

# hashes FILE FFMPEG_OPTIONS...: a hash of every decoded frame of the streams asked for, one to a line.
hashes() {
    local -r file=$1
    shift
    ffmpeg -nostdin -v quiet -noautorotate -i "$file" "$@" -fps_mode passthrough -f framemd5 - |
        sed -n 's/^[0-9].*, *//p'
}

# frames FILE [STREAM]: how many frames its video decodes to.
frames() {
    ffprobe -v quiet -select_streams "${2:-V:0}" -count_frames -show_entries stream=nb_read_frames \
        -of default=nokey=1:noprint_wrappers=1 "$1" < /dev/null | head -n 1
}

# first_difference HAVE WANT: in what two files of hashes differ, nothing if they are equal.
first_difference() {
    cmp -s "$1" "$2" && return
    local -r have=$(wc -l < "$1") want=$(wc -l < "$2")
    if [ "$have" != "$want" ]; then
        echo "$have lines instead of $want"
    else
        echo "line $(cmp "$1" "$2" | sed 's/.*line //') differs"
    fi
}

samples() {
    "$root/samples/make.sh" "$build/samples"
    echo "$build/samples"
}

# outcome NAME CODE WORD... -- OPTIONS...: runs with the options; the code and each WORD, a regular expression, must come.
outcome() {
    local -r name=$1 code=$2
    local words=() reason='' word status=0
    shift 2
    while [ "$1" != -- ]; do words+=("$1"); shift; done
    reel "${@:2}" || status=$?
    [ $status = "$code" ] || reason="exit $status instead of $code: $(said_last)"
    for word in "${words[@]}"; do
        grep -qE -- "$word" "$said" || reason="${reason:-nothing says $word, but $(said_last)}"
    done
    verdict "$name" "$reason"
}

# same NAME HAVE WANT
same() { verdict "$1" "$([ "$2" = "$3" ] || echo "'$2' instead of '$3': $(said_last)")"; }

# SPDX-License-Identifier: MIT
# What farm.sh and parallel.sh share: the list of tasks of a folder, made from the inputs.
# shellcheck shell=bash
#
# WARPREEL   the program (warpreel)
# OPTIONS    further options of every run, words with spaces between (--codec libx264)
# SUFFIX     of the outputs, and so their container (mkv)
# CHUNK      frames of a closed piece (250); the same for every run, so that every machine makes the same bits
# PARTS      how many tasks share one file (1)
# CODEC_MIB  memory that decoder and encoder get beside the filters (2048)
set -eu
export LC_ALL=C

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
WARPREEL=$(command -v "${WARPREEL:-warpreel}") || { echo "there is no program ${WARPREEL:-warpreel}" >&2; exit 2; }
WARPREEL=$(realpath "$WARPREEL")
export WARPREEL OPTIONS=${OPTIONS:-} SUFFIX=${SUFFIX:-mkv} CHUNK=${CHUNK:-250} PARTS=${PARTS:-1}

# list_inputs FILE-OR-FOLDER...: all that is no folder, one on a line; links are followed.
list_inputs() {
    local input
    for input; do
        [ -e "$input" ] || { echo "there is no $input" >&2; return 1; }
        find -L "$input" ! -type d ! -path '*/.*' | sort
    done
}

# estimate FILE CHAIN: what --estimate says, as JSON; fails for what is no video.
estimate() {
    # shellcheck disable=SC2086 # OPTIONS are words
    "$WARPREEL" --estimate --filter "$2" $OPTIONS --quiet --report - "$1" 2> /dev/null < /dev/null
}

# find_bytes: the bytes that the filters of an estimate hold, with their tables, and frames that FFmpeg's filters hold.
find_bytes() {
    awk -F ': *' '
        /"held_by_all_bytes"/ && !devices++ { sum += $2 }
        /"(weights|filter_frames)_bytes"/ { sum += $2 }
        END { if (!devices) exit 1; printf "%.0f\n", sum }'
}

# find_frames: how many frames the input of an estimate is said to have; 0 if that is not known.
find_frames() {
    sed -n 's/^ *"frames": \([0-9]*\),*$/\1/p' | grep . || echo 0
}

# check_settings FILE CHAIN: writes down what all outputs of a folder have in common; fails where that was something else
# before, since old outputs and parts would stay among new ones.
check_settings() {
    printf '%s\n' "chain $2" "OPTIONS $OPTIONS" "CHUNK $CHUNK" > "$1.new"
    if [ -e "$1" ] && ! cmp -s "$1" "$1.new"; then
        echo "${1%/.farm/*} holds outputs of other settings: name another folder, or empty this one and its .farm" >&2
        diff "$1" "$1.new" | grep '^[<>]' >&2
        return 1
    fi
    mv "$1.new" "$1"
}

# make_tasks CHAIN OUT INPUT...: writes OUT/.farm: the chain, `files` with "INPUT<tab>OUTPUT" lines, `tasks` with
# "INPUT<tab>OUTPUT<tab>PART" lines for what is missing, `mib`, what one task needs, `gpus`, how many of them it asks for,
# and `lengths` with "FRAMES<tab>BYTES<tab>INPUT" lines, where BYTES are what the filters hold.
make_tasks() {
    local -r chain=$1 out=$2
    local input output number bytes said gpus=0 most=0
    mkdir -p "$out/.farm"
    check_settings "$out/.farm/settings" "$chain" || return 1
    printf '%s' "$chain" > "$out/.farm/chain"
    list_inputs "${@:3}" > "$out/.farm/inputs"
    : > "$out/.farm/files"
    : > "$out/.farm/tasks"
    : > "$out/.farm/lengths"
    while IFS= read -r input; do
        case $input in *$'\t'*) echo "left out, a tab is in its name: $input" >&2; continue ;; esac
        [ -f "$input" ] || { echo "left out, it is no file, or links to none: $input" >&2; continue; }
        said=$(estimate "$input" "$chain") && bytes=$(find_bytes <<< "$said") || { echo "left out, it is no video for this chain: $input" >&2; continue; }
        [ "$bytes" -le "$most" ] || most=$bytes
        number=$(grep -c '"device": "cuda' <<< "$said") || true
        [ "$number" -le "$gpus" ] || gpus=$number
        output=$(basename "$input")
        output=$out/${output%.*}.$SUFFIX
        if cut -f 2 "$out/.farm/files" | grep -qxF -- "$output"; then
            echo "two inputs would make $output" >&2
            return 1
        fi
        printf '%s\t%s\n' "$(realpath "$input")" "$output" >> "$out/.farm/files"
        printf '%s\t%s\t%s\n' "$(find_frames <<< "$said")" "$bytes" "$(realpath "$input")" >> "$out/.farm/lengths"
        for ((number = 1; number <= PARTS; number++)); do
            [ -e "$output" ] || [ -e "$output.part${number}of$PARTS" ] ||
                printf '%s\t%s\t%s\n' "$(realpath "$input")" "$output" "$number/$PARTS" >> "$out/.farm/tasks"
        done
    done < "$out/.farm/inputs"
    [ -s "$out/.farm/files" ] || { echo "there is no video" >&2; return 1; }
    echo "$gpus" > "$out/.farm/gpus"
    echo $((most / 1048576 + 1 + ${CODEC_MIB:-2048})) > "$out/.farm/mib"
}

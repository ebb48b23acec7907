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

# estimate FILE CHAIN OPTION...: what --estimate says, as JSON; fails for what is no video.
estimate() {
    # shellcheck disable=SC2086 # OPTIONS are words
    "$WARPREEL" --estimate --filter "$2" --chunk "$CHUNK" $OPTIONS "${@:3}" --quiet --report - "$1" 2> /dev/null < /dev/null
}

# estimate_left FILE CHAIN OUTPUT OPTION...: the same, but nothing where the output is done by the rule of --resume.
estimate_left() {
    estimate "$1" "$2" --resume --output "$3" "${@:4}" || [ $? = 4 ] # done, of an input that is damaged
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

# make_tasks CHAIN OUT INPUT...: writes OUT/.farm: the chain, `files` with "INPUT<tab>OUTPUT" lines for what is not done,
# `tasks` with "INPUT<tab>OUTPUT<tab>PART" lines for those parts of it that are not, `mib`, what one task needs, `gpus`, how
# many of them it asks for, and `lengths` with "FRAMES<tab>BYTES<tab>INPUT" lines, where BYTES are what the filters hold.
make_tasks() {
    local -r chain=$1 out=$2
    local -A outputs=()
    local input output number bytes said left gpus=0 most=0
    mkdir -p "$out/.farm"
    printf '%s' "$chain" > "$out/.farm/chain"
    list_inputs "${@:3}" > "$out/.farm/inputs"
    : > "$out/.farm/files"
    : > "$out/.farm/tasks"
    : > "$out/.farm/lengths"
    while IFS= read -r input; do
        case $input in *$'\t'*) echo "left out, a tab is in its name: $input" >&2; continue ;; esac
        [ -f "$input" ] || { echo "left out, it is no file, or links to none: $input" >&2; continue; }
        output=$(basename "$input")
        output=$out/${output%.*}.$SUFFIX
        input=$(realpath "$input")
        said=$(estimate_left "$input" "$chain" "$output") || { echo "left out, it is no video for this chain: $input" >&2; continue; }
        [ -z "${outputs[$output]:-}" ] || { echo "two inputs would make $output" >&2; return 1; }
        outputs[$output]=$input
        [ -n "$said" ] || continue
        bytes=$(find_bytes <<< "$said")
        [ "$bytes" -le "$most" ] || most=$bytes
        number=$(grep -c '"device": "cuda' <<< "$said") || true
        [ "$number" -le "$gpus" ] || gpus=$number
        printf '%s\t%s\n' "$input" "$output" >> "$out/.farm/files"
        printf '%s\t%s\t%s\n' "$(find_frames <<< "$said")" "$bytes" "$input" >> "$out/.farm/lengths"
        for ((number = 1; number <= PARTS; number++)); do
            left=$said
            [ "$PARTS" = 1 ] || left=$(estimate_left "$input" "$chain" "$output" --part "$number/$PARTS")
            [ -z "$left" ] || printf '%s\t%s\t%s\n' "$input" "$output" "$number/$PARTS" >> "$out/.farm/tasks"
        done
    done < "$out/.farm/inputs"
    [ ${#outputs[@]} -gt 0 ] || { echo "there is no video" >&2; return 1; }
    echo "$gpus" > "$out/.farm/gpus"
    echo $((most / 1048576 + 1 + ${CODEC_MIB:-2048})) > "$out/.farm/mib"
}

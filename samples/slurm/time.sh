# SPDX-License-Identifier: MIT
# How long a task may take: farm.sh makes the first frames of the clip that has most to do, and counts up.
# shellcheck shell=bash
#
# CPUS     processors of a task (4)
# MINUTES  that a task may take; without it, some frames are made to see
# TRIAL    how many frames are made (48)
# MARGIN   how many times as long as on this machine it may take on another (4)
CPUS=${CPUS:-4} TRIAL=${TRIAL:-48} MARGIN=${MARGIN:-4}

# list_processors: those that a task would have, if it ran here.
list_processors() {
    local from to
    sed -n 's/^Cpus_allowed_list:\s*//p' /proc/self/status | tr ',' '\n' |
        while IFS=- read -r from to; do seq "$from" "${to:-$from}"; done | head -n "$CPUS" | paste -sd ,
}

# time_frames OUT INPUT: what it takes to decode, filter and encode one frame of it, in microseconds.
time_frames() {
    local -r trial=$1/.farm/trial
    local before after frames
    before=$(date +%s%6N)
    # shellcheck disable=SC2086 # OPTIONS are words
    taskset -c "$(list_processors)" "$WARPREEL" --filter "$(< "$1/.farm/chain")" --chunk "$CHUNK" $OPTIONS --frames "$TRIAL" \
        --overwrite --quiet --report "$trial.json" "$2" --output "$trial.$SUFFIX" < /dev/null > "$trial.log" 2>&1 || [ $? = 4 ] || return 1
    after=$(date +%s%6N)
    frames=$(sed -n 's/^ *"frames_in": \([0-9]*\),*$/\1/p' "$trial.json")
    rm -f "$trial.json" "$trial.log" "$trial.$SUFFIX"
    [ "${frames:-0}" -gt 0 ] && echo $(((after - before) / frames))
}

# count_minutes FRAMES MICROSECONDS: with the margin, and some for beginning and ending.
count_minutes() {
    echo $((10 + ($1 * $2 * MARGIN + 59999999) / 60000000))
}

# find_minutes OUT: sets `minutes`, for a task, and `join_minutes`, in which one machine could make all files.
find_minutes() {
    local -r out=$1
    local frames input each pieces
    minutes=${MINUTES:-720} join_minutes=${MINUTES:-720}
    [ -z "${MINUTES:-}" ] || return 0
    # Large pictures take long as well, and what filters hold grows with them.
    IFS=$'\t' read -r frames _ input < <(awk -F '\t' '{ printf "%.0f\t%s\n", $1 * ($2 + 1), $0 }' "$out/.farm/lengths" |
        sort -rn | head -n 1 | cut -f 2-)
    if cut -f 1 "$out/.farm/lengths" | grep -qx 0; then
        echo "a clip does not say how long it is, so tasks may take $minutes minutes; MINUTES changes that" >&2
    elif ! each=$(time_frames "$out" "$input"); then
        echo "the trial failed, so tasks may take $minutes minutes; MINUTES changes that: $input" >&2
    else
        pieces=$(((frames + CHUNK - 1) / CHUNK))
        pieces=$(((pieces + PARTS - 1) / PARTS)) # of one part
        minutes=$(count_minutes $((pieces * CHUNK)) "$each")
        join_minutes=$(count_minutes "$(awk '{ all += $1 } END { printf "%.0f", all }' "$out/.farm/lengths")" "$each")
        echo "a frame takes $each microseconds here, so tasks may take $minutes minutes"
    fi
}

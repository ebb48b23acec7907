#!/bin/bash
# SPDX-License-Identifier: MIT
# Joins the parts of every file that is not done yet and whose parts are all there, and removes them:
#     samples/slurm/join.sh OUT
set -eu

out=$1
failed=0
while IFS=$'\t' read -r input output; do
    # When Slurm does this again, some files are done.
    # shellcheck disable=SC2086 # OPTIONS are words
    left=$("$WARPREEL" --estimate --resume --filter "$(< "$out/.farm/chain")" --chunk "$CHUNK" $OPTIONS --quiet --report - \
        "$input" --output "$output" 2> /dev/null < /dev/null) || [ $? = 4 ] || left=all
    [ -n "$left" ] || continue
    parts=()
    missing=
    for ((number = 1; number <= PARTS; number++)); do
        parts+=("$output.part${number}of$PARTS")
        [ -e "${parts[-1]}" ] || missing=$number
    done
    if [ -n "$missing" ]; then
        echo "not joined, part $missing is missing: $output" >&2
        failed=1
        continue
    fi
    status=0
    "$WARPREEL" --join "${parts[@]}" --source "$input" --resume --quiet --output "$output" < /dev/null || status=$?
    if [ $status = 0 ] || [ $status = 4 ]; then
        rm -f "${parts[@]}"
    else
        failed=1
    fi
done < "$out/.farm/files"
exit $failed

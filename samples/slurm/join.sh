#!/bin/bash
# SPDX-License-Identifier: MIT
# Joins the parts of every file that is not there yet and whose parts are all there, and removes them:
#     samples/slurm/join.sh OUT
set -eu

out=$1
failed=0
while IFS=$'\t' read -r input output; do
    [ ! -e "$output" ] || continue
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
    "$WARPREEL" --join "${parts[@]}" --source "$input" --quiet --output "$output" < /dev/null || status=$?
    if [ $status = 0 ] || [ $status = 4 ]; then
        rm -f "${parts[@]}"
    else
        failed=1
    fi
done < "$out/.farm/files"
exit $failed

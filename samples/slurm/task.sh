#!/bin/bash
# SPDX-License-Identifier: MIT
# One task of the list that farm.sh or parallel.sh has made: samples/slurm/task.sh OUT NUMBER
set -eu

out=$1
number=$2 # SLURM: that of the array task
[ "$number" != SLURM ] || number=$SLURM_ARRAY_TASK_ID
line=$(sed -n "${number}p" "$out/.farm/tasks")
IFS=$'\t' read -r input output part <<< "$line"
[ -n "$input" ] || { echo "there is no task $number" >&2; exit 2; }
chain=$(< "$out/.farm/chain")
share=()
[ "${part#*/}" = 1 ] || share=(--part "$part")
status=0
# shellcheck disable=SC2086 # OPTIONS are words
"$WARPREEL" --filter "$chain" --chunk "$CHUNK" $OPTIONS "${share[@]}" --resume --quiet "$input" --output "$output" \
    < /dev/null || status=$?
# What was killed is done again, three times at most: by Slurm, or by the --retries of parallel.
if [ $status -gt 128 ] && [ -n "${SLURM_ARRAY_JOB_ID:-}" ] && [ "${SLURM_RESTART_COUNT:-0}" -lt 3 ]; then
    scontrol requeue "${SLURM_ARRAY_JOB_ID}_$SLURM_ARRAY_TASK_ID" && sleep 60 # Slurm ends this script
fi
[ $status != 4 ] || status=0 # the input was damaged, and what could be decoded was kept
exit $status

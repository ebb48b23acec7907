#!/bin/bash
# SPDX-License-Identifier: MIT
# The same as farm.sh with GNU parallel instead of Slurm: samples/slurm/parallel.sh CHAIN FILE-OR-FOLDER... OUT
#
# The settings of tasks.sh count, and PARALLEL_OPTIONS (-j 4), words with spaces between. With --sshlogin all machines
# must see program, inputs and outputs under the same paths.
# shellcheck source=samples/slurm/tasks.sh
. "$(dirname "$0")/tasks.sh"
[ $# -ge 3 ] || { echo "usage: samples/slurm/parallel.sh CHAIN FILE-OR-FOLDER... OUT" >&2; exit 2; }
command -v parallel > /dev/null || { echo "there is no GNU parallel (Debian: parallel)" >&2; exit 2; }

mkdir -p "${!#}"
out=$(realpath "${!#}")
make_tasks "$1" "$out" "${@:2:$#-2}"
# A file that fails does not keep the parts of others from being joined.
status=0
# shellcheck disable=SC2154 # tasks.sh sets it
if [ -s "$out/.farm/tasks" ]; then
    # shellcheck disable=SC2086 # words
    seq "$(wc -l < "$out/.farm/tasks")" | parallel --will-cite --retries 3 --joblog "$out/.farm/log" \
        --env WARPREEL --env OPTIONS --env CHUNK ${PARALLEL_OPTIONS:--j 4} "$here/task.sh" "$out" "{}" || status=1
fi
[ "$PARTS" -le 1 ] || "$here/join.sh" "$out" || status=1
exit $status

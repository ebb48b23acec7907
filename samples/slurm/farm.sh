#!/bin/bash
# SPDX-License-Identifier: MIT
# Filters files on a cluster with Slurm: samples/slurm/farm.sh CHAIN FILE-OR-FOLDER... OUT
#
# Submits an array with a task for each file, or for each of its PARTS, and a job that joins the parts. Called again, it
# makes only what is not done. The settings of tasks.sh count, and these:
#
# SUBMIT     further options of sbatch, words with spaces between (--partition=long)
# CPUS, MINUTES, TRIAL, MARGIN  say how long a task may take: time.sh
# SUBMIT_JOIN  further options of sbatch for the job that joins
here=$(dirname "$0")
# shellcheck source=samples/slurm/tasks.sh
. "$here/tasks.sh"
# shellcheck source=samples/slurm/time.sh
. "$here/time.sh"
[ $# -ge 3 ] || { echo "usage: samples/slurm/farm.sh CHAIN FILE-OR-FOLDER... OUT" >&2; exit 2; }
here=$(cd "$here" && pwd)

mkdir -p "${!#}"
out=$(realpath "${!#}")
make_tasks "$1" "$out" "${@:2:$#-2}"
tasks=$(wc -l < "$out/.farm/tasks")
after=()
gres=()
gpus=$(< "$out/.farm/gpus")
[ "$gpus" = 0 ] || gres=(--gres="gpu:$gpus")
[ "$tasks" -gt 0 ] || [ "$PARTS" -gt 1 ] || exit 0
find_minutes "$out"
if [ "$tasks" -gt 0 ]; then
    # shellcheck disable=SC2086 # SUBMIT are words
    array=$(sbatch --parsable --job-name=warpreel --array="1-$tasks" --cpus-per-task="$CPUS" \
        --mem="$(< "$out/.farm/mib")M" --time="$minutes" --requeue --open-mode=append \
        --output="$out/.farm/%a.log" "${gres[@]}" ${SUBMIT:-} "$here/task.sh" "$out" SLURM)
    echo "array $array: $tasks tasks"
    after=(--dependency="afterany:${array%%;*}") # a file whose parts failed does not keep others from being joined
fi
[ "$PARTS" -gt 1 ] || exit 0
# shellcheck disable=SC2086
join=$(sbatch --parsable --job-name=warpreel-join "${after[@]}" --cpus-per-task=1 --mem="${CODEC_MIB:-2048}M" \
    --time="$join_minutes" --open-mode=append --output="$out/.farm/join.log" ${SUBMIT_JOIN:-} \
    "$here/join.sh" "$out")
echo "join $join"

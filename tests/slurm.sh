#!/bin/bash
# SPDX-License-Identifier: MIT
# Many machines: a cluster of two nodes on this one, in a temporary folder, runs samples/slurm. What comes out is, byte
# for byte, what one run makes; a task that is killed is done again. Needs root, Slurm and munge; the same with GNU
# parallel needs only that.
#     tests/slurm.sh BUILD
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/lib.sh"
clips=$(samples)
farm=$root/samples/slurm
export WARPREEL=$warpreel OPTIONS="--codec libx264 --preset ultrafast --device $device" CHUNK=20 SUFFIX=mkv
chain="hflip=enable='gte(n,60)',vignette"

mkdir "$work/in"
cp "$clips/counter-120.mp4" "$clips/upright.mp4" "$clips/vfr-av.mkv" "$work/in"
ln -s "$clips/gray.mkv" "$work/in/link.mkv"
ffmpeg -nostdin -v error -stream_loop 9 -i "$clips/counter-120.mp4" -c copy "$work/long.mp4" < /dev/null

# expected INPUT: what one run makes of it.
expected() {
    local -r file=$work/expected-$(basename "${1%.*}").mkv
    # shellcheck disable=SC2086 # words
    [ -e "$file" ] || "$warpreel" -f "$chain" --chunk $CHUNK $OPTIONS -q "$1" -o "$file" 2> "$said" < /dev/null
    echo "$file"
}

# compare NAME FOLDER INPUT...: every output is as expected, and nothing else is there.
compare() {
    local -r name=$1 folder=$2
    local input reason=''
    shift 2
    for input; do
        cmp -s "$folder/$(basename "${input%.*}").mkv" "$(expected "$input")" || reason=${reason:-$input differs}
    done
    [ "$(find "$folder" -maxdepth 1 -type f ! -name '.*' | wc -l)" = $# ] || reason=${reason:-$(ls "$folder")}
    verdict "$name" "$reason"
}

# held CHAIN: the memory that a task of the chain is to ask for, beside CODEC_MIB.
held() (
    # shellcheck source=samples/slurm/tasks.sh
    . "$farm/tasks.sh"
    estimate "$work/in/counter-120.mp4" "$1" | find_bytes
)
same "tasks ask for the frames that reverse holds, too" $(($(held hflip,reverse) - $(held hflip))) $((120 * 320 * 180 * 3 / 2))

# ---- GNU parallel

run_parallel() {
    PARALLEL_OPTIONS="-j 2" "$farm/parallel.sh" "$@" > "$work/parallel.log" 2>&1 || tail -n 1 "$work/parallel.log"
}
if command -v parallel > /dev/null; then
    run_parallel "$chain" "$work/in" "$work/parallel"
    compare "a folder with parallel" "$work/parallel" "$work"/in/*
    PARTS=4 run_parallel "$chain" "$work/long.mp4" "$work/parallel-parts"
    compare "a film in four parts with parallel" "$work/parallel-parts" "$work/long.mp4"
    rm "$work/parallel/upright.mkv"
    before=$(stat -c %Y.%i "$work/parallel/counter-120.mkv")
    run_parallel "$chain" "$work/in" "$work/parallel"
    compare "called again, what is missing is made" "$work/parallel" "$work"/in/*
    [ "$before" = "$(stat -c %Y.%i "$work/parallel/counter-120.mkv")" ] && before=
    verdict "called again, what is there stays" "${before:+made anew}"
    # A file that fails, here for its chroma, does not keep another from being joined.
    mkdir "$work/mixed"
    cp "$clips/full-range-444.mkv" "$work/mixed/a.mkv"
    cp "$clips/counter-120.mp4" "$work/mixed/b.mp4"
    ln -s nowhere.mp4 "$work/mixed/c.mp4"
    status=0
    OPTIONS="--codec mpeg4 --device $device" PARTS=2 PARALLEL_OPTIONS="-j 2" "$farm/parallel.sh" "$chain" "$work/mixed" \
        "$work/mixed-out" > "$work/parallel.log" 2>&1 || status=$?
    have="$status $(cd "$work/mixed-out" && echo *)"
    [ "$have" = "1 b.mkv" ] && have=''
    verdict "one that fails keeps no other from being joined" "$have"
    grep -q "not joined, .*a.mkv" "$work/parallel.log" && grep -q "left out, .*c.mp4" "$work/parallel.log"
    verdict "and is named, as is a link to nothing" "$([ $? = 0 ] || cat "$work/parallel.log")"
    # anew NAME CHAIN FILES: called again for the same folder, that many tasks are left to do.
    anew() {
        run_parallel "$2" "$work/in" "$work/parallel"
        have="$(wc -l < "$work/parallel/.farm/tasks") tasks, $(sed -n 2p "$work/parallel.log")"
        [ "$have" = "$3 tasks, " ] && have=''
        verdict "called again with $1" "$have"
    }
    anew "nothing to do" "$chain" 0
    touch -d tomorrow "$work/in/upright.mp4"
    truncate -s 1000 "$work/parallel/counter-120.mkv"
    anew "an input and an output that have changed, those two are made" "$chain" 2
    compare "and are as before" "$work/parallel" "$work"/in/*
    CHUNK=30 anew "longer pieces, all is made" "$chain" 4
    anew "the former ones, all is made" "$chain" 4
    OPTIONS="$OPTIONS --jobs 2" anew "more pieces side by side, nothing is made" "$chain" 0
    compare "and stays" "$work/parallel" "$work"/in/*
else
    skip parallel "GNU parallel is not installed"
fi

# ---- what is asked of Slurm, by programs that only note it

mkdir "$work/bin"
cat > "$work/bin/sbatch" << END
#!/bin/bash
echo "\$*" >> "$work/asked"
echo 7
END
cat > "$work/bin/estimates" << END
#!/bin/bash
case "\$*" in
*--estimate*)
    printf '"frames": %s,\n"device": "%s",\n"held_by_all_bytes": 1\n' \${FRAMES:-100} \$SAYS ;;
*--report*)
    sleep 0.96
    [ "\$FAILS" = yes ] && exit 1
    printf '"frames_in": 48\n' > "$work/asked-out/.farm/trial.json" ;;
esac
END
chmod +x "$work"/bin/*
# asked DEVICE: the words about GPUs and order.
asked() {
    rm -rf "$work/asked" "$work/asked-out"
    SAYS=$1 PARTS=2 WARPREEL=$work/bin/estimates PATH=$work/bin:$PATH "$farm/farm.sh" "$chain" "$work/in" "$work/asked-out" > "$work/farm.log" 2>&1
    grep -oE -- '--gres=[^ ]*|--dependency=[^ ]*' "$work/asked" | xargs
}
have="$(asked cpu) $(asked cuda:0)"
[ "$have" = "--dependency=afterany:7 --gres=gpu:1 --dependency=afterany:7" ] && have=''
verdict "a GPU is asked for where filters run on one, and parts are joined after all tasks" "$have"

# asked_minutes: of a task, and of the job that joins. A frame takes 20 milliseconds and what starting a program does.
asked_minutes() {
    asked cpu > /dev/null
    grep -oE -- '--time=[^ ]*' "$work/asked" | cut -d = -f 2 | xargs
}
read -r task join <<< "$(FRAMES=90000 asked_minutes)" # 60 minutes for a half, 120 for a file, and four of them
[ "$task" -ge 70 ] && [ "$task" -lt 210 ] && [ "$join" -ge $((task * 6)) ] && [ "$join" -le $((task * 8)) ] && task=
verdict "the time of a task and of the join follows from a trial" "${task:+$task $join}"
same "a task of few frames gets some minutes" "$(FRAMES=10 asked_minutes)" "11 11"
same "a time that is given counts" "$(MINUTES=7 asked_minutes)" "7 7"
same "a trial that fails leaves a long time" "$(FAILS=yes asked_minutes; grep -c 'trial failed' "$work/farm.log")" "720 720
1"
same "so does a clip of unknown length" "$(FRAMES=null asked_minutes; grep -c 'how long it is' "$work/farm.log")" "720 720
1"

# ---- Slurm

if [ "$(id -u)" != 0 ] || ! command -v slurmctld slurmd munged sbatch > /dev/null; then
    skip slurm "it needs root and the Debian packages slurm-wlm and munge"
    finish
fi

servers=() # pids
# shellcheck disable=SC2317 # called by the trap
stop_servers() {
    [ "$BASHPID" = $$ ] || return 0
    local n
    for ((n = ${#servers[@]} - 1; n >= 0; n--)); do
        kill "${servers[n]}" 2> /dev/null && wait "${servers[n]}" 2> /dev/null
    done
    rm -rf "$work"
}
trap stop_servers EXIT
chmod 755 "$work"
port=$((20000 + $$ % 10000))
host=$(hostname -s)
export SLURM_CONF=$work/slurm.conf
mkdir "$work/munge" "$work/state" "$work/spool"
chmod 700 "$work/munge"
head -c 1024 /dev/urandom > "$work/munge/key"
chmod 600 "$work/munge/key"
cat > "$SLURM_CONF" << END
ClusterName=test
SlurmctldHost=$host(127.0.0.1)
SlurmUser=root
SlurmctldPort=$port
AuthType=auth/munge
AuthInfo=socket=$work/munge/socket
CredType=cred/munge
StateSaveLocation=$work/state
SlurmdSpoolDir=$work/spool/%n
SlurmctldPidFile=$work/slurmctld.pid
SlurmdPidFile=$work/slurmd-%n.pid
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core_Memory
SchedulerParameters=sched_interval=2
SlurmdParameters=config_overrides
ReturnToService=2
MpiDefault=none
NodeName=one NodeHostname=$host NodeAddr=127.0.0.1 Port=$((port + 1)) CPUs=4 RealMemory=16000
NodeName=two NodeHostname=$host NodeAddr=127.0.0.1 Port=$((port + 2)) CPUs=4 RealMemory=16000
PartitionName=all Nodes=one,two Default=YES MaxTime=INFINITE State=UP
END
munged --foreground --force --key-file="$work/munge/key" --socket="$work/munge/socket" \
    --pid-file="$work/munge/pid" --log-file="$work/munge/log" --seed-file="$work/munge/seed" 2> "$work/munged.log" &
servers+=($!)
sleep 1
slurmctld -D -L "$work/slurmctld.log" > /dev/null 2>&1 &
servers+=($!)
for node in one two; do
    slurmd -D -N $node -L "$work/slurmd-$node.log" > /dev/null 2>&1 &
    servers+=($!)
done
for ((n = 0; n < 60; n++)); do
    [ "$(sinfo -h -N -o %T 2> /dev/null | grep -c idle)" = 2 ] && break
    sleep 1
done
if [ "$(sinfo -h -N -o %T 2> /dev/null | grep -c idle)" != 2 ]; then
    fail "a cluster of two nodes" "$(sinfo -N 2>&1 | tail -n 1; tail -qn 1 "$work"/slurm*.log)"
    finish
fi
pass "a cluster of two nodes"

# run_farm OPTIONS...: submits.
run_farm() {
    CPUS=1 CODEC_MIB=256 "$farm/farm.sh" "$@" > "$work/farm.log" 2>&1 || fail "submitting" "$(tail -n 1 "$work/farm.log")"
}

# wait_for_jobs: until none is left; what was requeued need not wait for its time.
wait_for_jobs() {
    local job n
    for ((n = 0; n < limit; n++)); do
        [ -n "$(squeue -h)" ] || return 0
        for job in $(squeue -h -r -t PENDING -O ArrayJobID:12,ArrayTaskID:12,Reason:30 | awk '/BeginTime/ { print $1 "_" $2 }'); do
            scontrol update JobId="$job" StartTime=now
        done
        sleep 1
    done
    fail "waiting for jobs" "$(squeue -h | head -n 1)"
}

run_farm "$chain" "$work/in" "$work/farm"
grep -q "a frame takes [0-9]* microseconds here" "$work/farm.log"
verdict "a trial is made of a real clip" "$([ $? = 0 ] || cat "$work/farm.log")"
wait_for_jobs
compare "a folder on two nodes" "$work/farm" "$work"/in/*

# The second part of the long film is killed while it runs: its program waits for a moment, so that it can be. When
# it runs again, it notes how often Slurm has restarted the task.
cat > "$work/slow" << END
#!/bin/bash
case "\$*" in
*--estimate*) ;;
*"--part 2/4"*)
    [ -e "$work/was-killed" ] || { echo \$\$ > "$work/victim"; exec sleep 600; }
    echo "\${SLURM_RESTART_COUNT:-0}" >> "$work/restarts" ;;
esac
exec "$warpreel" "\$@"
END
chmod +x "$work/slow"
WARPREEL=$work/slow PARTS=4 run_farm "$chain" "$work/long.mp4" "$work/farm-parts"
for ((n = 0; n < 60; n++)); do
    [ -s "$work/victim" ] && break
    sleep 1
done
touch "$work/was-killed"
kill -KILL "$(cat "$work/victim")"
wait_for_jobs
compare "a film in four parts on two nodes, one task killed" "$work/farm-parts" "$work/long.mp4"
[ "$(cat "$work/restarts")" = 1 ] && reason='' || reason="it ran again as restart '$(cat "$work/restarts")'"
verdict "the task that was killed was requeued" "$reason"

rm "$work/farm/upright.mkv"
run_farm "$chain" "$work/in" "$work/farm"
grep -q ": 1 tasks" "$work/farm.log" && reason='' || reason=$(head -n 1 "$work/farm.log")
wait_for_jobs
verdict "called again, only what is missing is submitted" "$reason"
compare "called again, everything is there" "$work/farm" "$work"/in/*
finish

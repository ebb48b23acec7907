# SPDX-License-Identifier: MIT
# needs: odd-161x121.mkv
# Nobody reads what is written before and after the run: one signal ends the program all the same,
# and leaves nothing half done.
reel() {
    warpreel -q -d cpu --codec ffv1 "$SAMPLES/odd-161x121.mkv" -o out.mkv "$@" &
}
# await TEST...: at most ten seconds.
await() {
    for ((i = 0; i < 100; i++)); do
        "$@" && return
        sleep 0.1
    done
    echo "it did not come to: $*"
}
end() {
    kill -INT $!
    for ((i = 0; i < 100; i++)); do
        kill -0 $! 2>/dev/null || break
        sleep 0.1
    done
    kill -KILL $! 2>/dev/null && echo "it went on"
    wait $! 2>/dev/null
    echo $?
    ls -A
}
has_folder() { ls -d .warpreel-* >/dev/null 2>&1; }
mkfifo pipe
reel --memory-plot pipe
await has_folder
end
reel --report pipe
await test -e out.mkv
sleep 0.5 # for the rest of the run
end

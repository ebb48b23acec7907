# SPDX-License-Identifier: MIT
# needs: odd-161x121.mkv
# Files that filters name and that never end: a sentence, or one signal, ends the program.
reel() {
    exec warpreel -d cpu --codec ffv1 "$SAMPLES/odd-161x121.mkv" -o out.mkv -f "$1"
}
for chain in lut3d=/dev/zero lut3d=/dev/urandom lut3d=/dev curves=psfile=/dev/zero; do
    (reel "$chain")
    echo "$chain: $?"
done
interrupt() {
    reel "$1" &
    sleep 2 # a busy machine takes its time to start it
    kill "-$2" $!
    wait $!
    echo "$1: $?"
}
mkfifo pipe # first nobody writes into it, then somebody who has nothing to say
interrupt lut3d=pipe TERM
interrupt curves=psfile=pipe INT
exec 3<>pipe
interrupt lut3d=pipe INT
ls -A

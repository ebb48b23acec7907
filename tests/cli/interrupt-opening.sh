# SPDX-License-Identifier: MIT
# A pipe that never says anything: the program still obeys, at once.
mkfifo pipe
sleep 30 >pipe &
feeder=$!
warpreel -d cpu pipe -o out.mkv &
run=$!
sleep 0.5
kill -TERM $run
wait $run
echo $?
kill $feeder
wait $feeder 2>/dev/null
rm pipe
ls

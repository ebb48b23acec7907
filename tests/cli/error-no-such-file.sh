# SPDX-License-Identifier: MIT
# Names with a leading hyphen are names after "--".
warpreel -o out.mp4 none.mp4
echo $?
warpreel -o out.mp4 -- -none.mp4
echo $?
warpreel -q -o out.mp4 none.mp4
echo $?
ls

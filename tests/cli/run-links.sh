# SPDX-License-Identifier: MIT
# needs: odd-161x121.mkv
# A link stays a link, and what it leads to is the output, whether it is there yet or not.
mkdir folder
ln -s folder/film.mkv link.mkv
for option in -q -y -y; do
    warpreel -q -d cpu --codec ffv1 "$SAMPLES/odd-161x121.mkv" -o link.mkv $option
    echo $?
    chmod -f 600 folder/film.mkv
done
readlink link.mkv
stat -c '%a %F' folder/film.mkv
ln -s round.mkv round.mkv
warpreel -q -d cpu --codec ffv1 "$SAMPLES/odd-161x121.mkv" -y -o round.mkv
echo $?
ls -A . folder

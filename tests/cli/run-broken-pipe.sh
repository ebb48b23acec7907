# SPDX-License-Identifier: MIT
# needs: counter-120.mp4
# A reader that goes away is a failure with a sentence, not a death by SIGPIPE.
warpreel -q -d cpu --codec rawvideo --format rawvideo "$SAMPLES/counter-120.mp4" -o - | head -c 100 >/dev/null
echo ${PIPESTATUS[0]}

# SPDX-License-Identifier: MIT
# Whatever is in a name, the sentence stays on its line and does not reach the terminal's controls.
warpreel $'no\nsuch\e[31m.mp4' -o out.mp4

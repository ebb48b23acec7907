# SPDX-License-Identifier: MIT
warpreel --qual 3 --f negate in.mp4 -o out.mp4

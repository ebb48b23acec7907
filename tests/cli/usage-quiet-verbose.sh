# SPDX-License-Identifier: MIT
warpreel -qv in.mp4 -o out.mp4

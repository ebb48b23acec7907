# SPDX-License-Identifier: MIT
warpreel one.mp4 --output out.mp4 two.mp4

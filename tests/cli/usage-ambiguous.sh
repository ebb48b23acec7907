# SPDX-License-Identifier: MIT
warpreel --fr 3 --f negate in.mp4 -o out.mp4

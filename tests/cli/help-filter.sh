# SPDX-License-Identifier: MIT
warpreel --help=negate
warpreel -hhflip
warpreel --help crop
warpreel -h hflip | head -n 1

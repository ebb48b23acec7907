# SPDX-License-Identifier: MIT
warpreel --help=negate
warpreel -hhflip

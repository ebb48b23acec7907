# SPDX-License-Identifier: MIT
warpreel --help >/dev/full

# SPDX-License-Identifier: MIT
warpreel --filter negate in.mp4

# SPDX-License-Identifier: MIT
warpreel --filter negate --output out.mp4

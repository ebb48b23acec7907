// SPDX-License-Identifier: MIT
#pragma once

// Seconds of a clock that only goes forward, since some time in the past.
double wr_clock(void);

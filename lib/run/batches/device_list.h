// SPDX-License-Identifier: MIT
// Several devices in one text: "cuda:0,cuda:1", "cuda:all", "cuda:0,cpu".
#pragma once

#include "lib/base/error.h"

enum { WR_MAX_DEVICES = 8 };

struct wr_device_list {
    char names[WR_MAX_DEVICES][32];
    int count;
};

// Takes the text apart; "cuda:all" becomes all devices that there are now. A device that stands
// there twice is refused, and so are more than WR_MAX_DEVICES.
enum wr_status wr_device_list_read(struct wr_device_list *list, const char *text,
                                   struct wr_error *error);

// SPDX-License-Identifier: MIT
// Everything said on stderr: sentences, and at the cursor a line, or a few, redrawn in place.
//
// Safe from any thread. A sentence wipes the lines, is printed, and the lines are drawn again below
// it.
#pragma once

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

#define WR_CONSOLE_LINE 512
#define WR_CONSOLE_BLOCK (66 * WR_CONSOLE_LINE) // one for each of 64 jobs, and two more
#define WR_CONSOLE_ECHO 2 // columns to leave free at the end: a terminal writes ^C there

// A line of a block is printed as it is.
enum wr_say {
    WR_SAY_ERROR,
    WR_SAY_LOSS,
    WR_SAY_WARNING,
    WR_SAY_BLOCK,
    WR_SAY_SUMMARY,
    WR_SAY_INFO
};

// Initialise with WR_CONSOLE; the switches may be set before other threads use the console.
struct wr_console {
    pthread_mutex_t lock;
    bool json;  // sentences are JSON objects, one to a line, like everything else then
    bool quiet; // errors and losses only
    bool verbose;
    // Writes a sentence as it is said here, in at most `size` bytes; NULL: as it is.
    void (*respell)(char *text, size_t size, const char *sentence);
    char line[WR_CONSOLE_BLOCK]; // what stands at the cursor, "" if nothing
};

#define WR_CONSOLE ((struct wr_console){.lock = PTHREAD_MUTEX_INITIALIZER})

void wr_console_say(struct wr_console *console, enum wr_say kind, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

// Redraws what stands at the cursor; "" wipes it. Lines in it are shorter than the terminal is
// wide, and the last one has no newline.
void wr_console_draw(struct wr_console *console, const char *line);

// How large the terminal is now; 80 columns and 24 rows where stderr is none.
void wr_console_size(int *columns, int *rows);

// Makes a text a line that can be drawn: control characters become question marks.
void wr_console_tame(char *text);

// Prints a line by itself, as it is.
void wr_console_print(struct wr_console *console, const char *text);

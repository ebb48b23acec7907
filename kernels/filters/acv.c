// SPDX-License-Identifier: MIT
// Big-endian numbers of 16 bits: a version, how many curves, and for each curve how many points and
// of each point the output and the input, 0 to 255. What comes after the curves is not read.
#include "kernels/filters/acv.h"

#include <stdio.h>
#include <stdlib.h>

enum { MOST_BYTES = 1 << 20 }; // files have a few hundred

struct reader {
    const unsigned char *rest;
    size_t size;
    bool ended;
};

static int read_number(struct reader *r)
{
    r->ended |= r->size < 2;
    if (r->ended)
        return 0;
    const int number = r->rest[0] << 8 | r->rest[1];
    r->rest += 2;
    r->size -= 2;
    return number;
}

// A curve as text; NULL where there is no memory.
static char *read_curve(struct reader *r)
{
    enum { LONGEST = sizeof "257.000000/257.000000 " };
    const int count = read_number(r);
    char *text = calloc((size_t)count + 1, LONGEST);
    size_t length = 0;
    for (int n = 0; text && n < count && !r->ended; n++) {
        const int y = read_number(r), x = read_number(r);
        length +=
            (size_t)snprintf(text + length, LONGEST, "%s%f/%f", n ? " " : "", x / 255.0, y / 255.0);
    }
    return text;
}

enum wr_status wr_acv_read(struct wr_acv *acv, const struct wr_lowering *lowering,
                           const char *parameter, const char *path)
{
    *acv = (struct wr_acv){{NULL}};
    char *content;
    size_t size;
    enum wr_status status =
        lowering->syntax->read_file(lowering, parameter, path, MOST_BYTES, &content, &size);
    if (status)
        return status;
    struct reader reader = {(const unsigned char *)content, size, false};
    read_number(&reader); // the version
    const int count = read_number(&reader);
    for (int c = 0; c < WR_ACV_CURVES && c < count && !reader.ended && !status; c++) {
        acv->points[c] = read_curve(&reader);
        if (!acv->points[c])
            status = wr_fail(lowering->error, WR_FAILED, "out of memory while reading the filters");
    }
    if (!status && reader.ended)
        status = wr_refuse(lowering, "%s=%s is not a file of curves: it ends too early", parameter,
                           path);
    free(content);
    if (status)
        wr_acv_free(acv);
    return status;
}

void wr_acv_free(struct wr_acv *acv)
{
    for (int c = 0; c < WR_ACV_CURVES; c++)
        free(acv->points[c]);
    *acv = (struct wr_acv){{NULL}};
}

// SPDX-License-Identifier: MIT
// From a display matrix to filters.
#include "lib/chain/turn.h"

#include <libavutil/display.h>
#include <math.h>
#include <stdio.h>

#include "lib/media/pixel_format.h"

// Degrees to turn by, clockwise, from 0 to below 360 but for less than a degree.
static double find_angle(const int32_t *matrix)
{
    const double degrees = -round(av_display_rotation_get(matrix));
    return isnan(degrees) ? 0 : degrees - 360 * floor(degrees / 360 + 0.9 / 360);
}

static bool is_near(double angle, double degrees)
{
    return fabs(angle - degrees) < 1;
}

static enum wr_status append_full_chroma(struct wr_chain *chain, const struct wr_format *format,
                                         struct wr_error *error)
{
    struct wr_format full = *format;
    char name[32];
    if (format->log2_chroma_w == format->log2_chroma_h)
        return WR_OK;
    full.log2_chroma_w = full.log2_chroma_h = 0;
    wr_format_name(&full, name, sizeof name);
    return wr_chain_append(chain, "format", name, error);
}

static enum wr_status append_quarter(struct wr_chain *chain, const char *direction,
                                     const struct wr_format *format, struct wr_error *error)
{
    const enum wr_status status = append_full_chroma(chain, format, error);
    return status ? status : wr_chain_append(chain, "transpose", direction, error);
}

static enum wr_status append_half(struct wr_chain *chain, const int32_t *matrix,
                                  struct wr_error *error)
{
    enum wr_status status = WR_OK;
    if (matrix[0] < 0)
        status = wr_chain_append(chain, "hflip", NULL, error);
    if (!status && matrix[4] < 0)
        status = wr_chain_append(chain, "vflip", NULL, error);
    return status;
}

enum wr_status wr_turn_append(struct wr_chain *chain, const int32_t *matrix,
                              const struct wr_format *format, struct wr_error *error)
{
    const double angle = find_angle(matrix);
    char words[64];
    if (is_near(angle, 90))
        return append_quarter(chain, matrix[3] > 0 ? "cclock_flip" : "clock", format, error);
    if (is_near(angle, 180))
        return append_half(chain, matrix, error);
    if (is_near(angle, 270))
        return append_quarter(chain, matrix[3] < 0 ? "clock_flip" : "cclock", format, error);
    if (is_near(angle, 0))
        return matrix[4] < 0 ? wr_chain_append(chain, "vflip", NULL, error) : WR_OK;
    snprintf(words, sizeof words, "%f*PI/180", angle);
    return wr_chain_append(chain, "rotate", words, error);
}

// SPDX-License-Identifier: MIT
// Tells libavformat's demuxer of pictures which of them a name means.
#include "lib/input/pictures.h"

#include <glob.h>
#include <string.h>

// The suffixes that libavformat writes, and some that it only reads.
static bool is_of_pictures(const char *name)
{
    const AVOutputFormat *image2 = av_guess_format("image2", NULL, NULL);
    return image2 && !strstr(name, "://") &&
           (av_match_ext(name, image2->extensions) ||
            av_match_ext(name, "gif,webp,psd,qoi,dds,svg"));
}

static enum wr_status find_numbered(const char *name, struct wr_sequence *sequence,
                                    AVDictionary **options, struct wr_error *error)
{
    wr_sequence_find(sequence, name);
    if (sequence->first < 0)
        return wr_fail(error, WR_FAILED, "cannot read %s: there is no picture with such a number",
                       name);
    av_dict_set_int(options, "start_number", sequence->first, AV_DICT_DONT_OVERWRITE);
    return WR_OK;
}

static enum wr_status find_matching(const char *name, AVDictionary **options,
                                    struct wr_error *error)
{
    glob_t found;
    const int result = glob(name, GLOB_NOSORT, NULL, &found);
    if (!result)
        globfree(&found);
    av_dict_set(options, "pattern_type", "glob", AV_DICT_DONT_OVERWRITE);
    return result ? wr_fail(error, WR_FAILED, "cannot read %s: no picture matches", name) : WR_OK;
}

enum wr_status wr_pictures_options(const char *name, struct wr_sequence *sequence,
                                   const AVInputFormat **format, AVDictionary **options,
                                   struct wr_error *error)
{
    const bool is_numbered = av_filename_number_test(name);
    const bool is_pattern = !is_numbered && strpbrk(name, "*?[");
    if (!(is_numbered || is_pattern) || !is_of_pictures(name))
        return WR_OK;
    *format = av_find_input_format("image2");
    return is_numbered ? find_numbered(name, sequence, options, error)
                       : find_matching(name, options, error);
}

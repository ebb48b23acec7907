// SPDX-License-Identifier: MIT
// What a filter is: a name, a table of parameters, and a function that lowers it to passes.
#pragma once

#include "kernels/program/program.h"

enum wr_parameter_kind {
    WR_INTEGER,
    WR_NUMBER,
    WR_BOOLEAN,
    WR_CHOICE,     // int: index into names
    WR_FLAGS,      // unsigned: one bit for each of names, written a+b
    WR_EXPRESSION, // const char *: evaluated by lower() over its own variables
    WR_TEXT,       // const char *: words that lower() reads, such as a colour or a file's name
    WR_FORMATS     // const char *: names of pixel formats, a|b|c, all known to parse_format()
};

// One parameter, written once: parser, errors, help, man page, report and tests read this row.
struct wr_parameter {
    const char *name, *alias; // alias NULL where there is none
    const char *help;
    enum wr_parameter_kind kind;
    size_t offset;        // of the field in the filter's parameters
    const char *standard; // the default, written as a user would
    double min, max;      // of WR_INTEGER and WR_NUMBER
    const char *const *names;
};

// Rows of a parameter table; the kind follows from the field.
#define WR_FIELD_KIND(type, field)                                                                 \
    _Generic(((type *)0)->field, int: WR_INTEGER, double: WR_NUMBER, bool: WR_BOOLEAN,             \
             const char *: WR_EXPRESSION)
#define WR_PARAMETER(type, field, alias, standard, min, max, help)                                 \
    {                                                                                              \
#field, alias, help, WR_FIELD_KIND(type, field), offsetof(type, field), standard, min,     \
            max, 0                                                                                 \
    }
#define WR_PARAMETER_TEXT(type, field, alias, standard, help)                                      \
    {                                                                                              \
#field, alias, help, WR_TEXT, offsetof(type, field), standard, 0, 0, 0                     \
    }
#define WR_PARAMETER_FORMATS(type, field, alias, standard, help)                                   \
    {                                                                                              \
#field, alias, help, WR_FORMATS, offsetof(type, field), standard, 0, 0, 0                  \
    }
#define WR_PARAMETER_CHOICE(type, field, alias, standard, names, help)                             \
    {                                                                                              \
#field, alias, help, WR_CHOICE, offsetof(type, field), standard, 0, 0, names               \
    }
#define WR_PARAMETER_FLAGS(type, field, alias, standard, names, help)                              \
    {                                                                                              \
#field, alias, help, WR_FLAGS, offsetof(type, field), standard, 0, 0, names                \
    }

struct wr_lowering;

#define WR_CONTEXT_SIZE 32

// Sees what a pass has written: its first output, row after row.
typedef void wr_look(void *context, const struct wr_pass *pass, const void *values);

// The library's part in lowering: what words mean, where paths and names are FFmpeg's, and runs of
// programs by way of trial.
struct wr_syntax {
    // Compiles an expression over variables (the last has name NULL). Fails with a sentence that
    // names filter, parameter and expression.
    enum wr_status (*compile)(const struct wr_lowering *lowering, const char *parameter,
                              const char *text, const struct wr_variable *variables,
                              struct wr_expression **expression);
    // The same with functions of one argument besides (the last has name NULL). They are called
    // with a copy of context, size bytes of at most WR_CONTEXT_SIZE.
    enum wr_status (*compile_with)(const struct wr_lowering *lowering, const char *parameter,
                                   const char *text, const struct wr_variable *variables,
                                   const struct wr_function *functions, const void *context,
                                   size_t size, struct wr_expression **expression);
    // These return non-zero if text is no such thing: "640x360" or the name of a size ("hd720");
    // a colour's name, 0xRRGGBB or #RRGGBB, with @ALPHA; "2.5", "1:30" or "300ms" in seconds; a
    // pixel format's name, which sets model, depth, chroma and alpha (and full_range for yuvj420p
    // and its kin; above 0 where the name is known, but such samples cannot be made).
    int (*parse_size)(const char *text, int *width, int *height);
    int (*parse_color)(const char *text, unsigned char rgba[4]);
    int (*parse_time)(const char *text, double *seconds);
    int (*parse_format)(const char *text, struct wr_format *format);
    // Which of the pixel formats named loses least of `from`.
    int (*choose_format)(const struct wr_format *from, const char *const *names, int count);
    // The whole of a file of at most `most` bytes (whole MiB), the caller's to free. Fails with a
    // sentence: at once for a larger file, after `most` bytes for a device or pipe.
    enum wr_status (*read_file)(const struct wr_lowering *lowering, const char *parameter,
                                const char *path, size_t most, char **content, size_t *size);
    // The same for a text, which gets a NUL behind it. A file with a NUL in it is refused as soon
    // as that is read.
    enum wr_status (*read_text)(const struct wr_lowering *lowering, const char *parameter,
                                const char *path, size_t most, char **text);
    // Runs a program's passes, which have no numbers that change, for one frame: planes are its
    // input's, row after row. look is called behind each pass. The program need not be finished.
    enum wr_status (*try_program)(const struct wr_program *program,
                                  const unsigned char *const *planes, wr_look *look, void *context,
                                  struct wr_error *error);
};

// What lower() works on. picture is what comes in and, on return, what the filter leaves.
struct wr_lowering {
    struct wr_program *program;
    struct wr_picture picture;
    struct wr_format nominal; // what the user believes picture to be; its size does not count
    int matrix;               // what a matrix that the file does not name stands for
    const char *filter;
    const char *part; // of it that passes are for, as wr_program_name() has it; NULL: none
    struct wr_error *error;
    const struct wr_syntax *syntax;
};

// The format in which lower() finds the picture. Neighbours that work on the same format share one
// conversion, even if they are enabled for different frames. Before a filter that works on the
// nominal format, and at the end, the picture is converted back to that.
enum wr_works_on {
    WR_ON_NOMINAL, // the nominal format; what the filter leaves becomes the nominal format
    WR_ON_RGB,     // RGB of 16 bits and full range, with alpha if the picture has it
    WR_ON_YUV,     // the nominal format if that is YUV or gray; for RGB, YUV 4:4:4 of 16 bits
    WR_ON_444,     // the nominal format with chroma planes as large as luma
    WR_ON_AS_IS    // whatever the filter before it left; what this one leaves becomes nominal
};

struct wr_filter {
    const char *name, *help, *example;
    const char *notes;                // sentences for the filter's own page, else NULL
    const struct wr_name_list *lists; // for the same page, up to one without a title, else NULL
    enum wr_works_on works_on;
    enum wr_works_on (*works_on_for)(const void *parameters); // if it depends on them, else NULL
    const struct wr_parameter *parameters;
    int parameter_count;
    size_t parameters_size;
    bool mirrors;  // works in any format: a conversion that its neighbours share goes on across it
    bool reshapes; // leaves another size or layout, so that it cannot be off for single frames
    enum wr_status (*lower)(struct wr_lowering *lowering, const void *parameters);
};

#define WR_PARAMETERS(table, type)                                                                 \
    .parameters = table, .parameter_count = sizeof table / sizeof table[0],                        \
    .parameters_size = sizeof(type)

// Appends a pass that turns *plane into a new one of the same size, which *plane then is. Further
// inputs, tables, reach and what else the kernel needs are the caller's to fill in.
struct wr_pass *wr_plane_pass(struct wr_lowering *lowering, const struct wr_kernel *kernel,
                              const void *arguments, struct wr_plane *plane);

// The same for a new plane of width x height.
struct wr_pass *wr_sized_pass(struct wr_lowering *lowering, const struct wr_kernel *kernel,
                              const void *arguments, struct wr_plane *plane, int width, int height);

// The same for the picture's first three planes together.
struct wr_pass *wr_color_pass(struct wr_lowering *lowering, const struct wr_kernel *kernel,
                              const void *arguments);

// Evaluates an expression over constants; the result may be NaN.
enum wr_status wr_evaluate(const struct wr_lowering *lowering, const char *parameter,
                           const char *text, const struct wr_variable *variables, double *result);

// A sentence that begins with the filter's name; returns WR_USAGE.
enum wr_status wr_refuse(const struct wr_lowering *lowering, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

// SPDX-License-Identifier: MIT
// Vectors of floats with a fused multiply-add, for the CPU's instruction-set levels.
#pragma once

#include <string.h>

#include "kernels/pixel/pixel.h"

#if defined __AVX512F__
#include <immintrin.h>
enum { NET_VECTOR = 16, NET_REGISTERS = 24 }; // floats of a vector, vectors of a tile
typedef __m512 net_vector;
#elif defined __AVX2__ && defined __FMA__
#include <immintrin.h>
enum { NET_VECTOR = 8, NET_REGISTERS = 12 };
typedef __m256 net_vector;
#else
enum { NET_VECTOR = 8, NET_REGISTERS = 12 };
typedef struct {
    float lane[NET_VECTOR];
} net_vector;
#endif

// A loop of a constant number of turns, without which sums would not stay in registers.
#define NET_EACH(n, count) _Pragma("GCC unroll 32") for (int n = 0; n < (count); n++)

WR_PIXEL net_vector net_get(const float *from)
{
    net_vector vector;
    memcpy(&vector, from, sizeof vector);
    return vector;
}

WR_PIXEL void net_put(float *to, net_vector vector)
{
    memcpy(to, &vector, sizeof vector);
}

#if defined __AVX512F__
WR_PIXEL net_vector net_all(float value)
{
    return _mm512_set1_ps(value);
}

WR_PIXEL net_vector net_add_product(net_vector a, net_vector b, net_vector c)
{
    return _mm512_fmadd_ps(a, b, c);
}
#elif defined __AVX2__ && defined __FMA__
WR_PIXEL net_vector net_all(float value)
{
    return _mm256_set1_ps(value);
}

WR_PIXEL net_vector net_add_product(net_vector a, net_vector b, net_vector c)
{
    return _mm256_fmadd_ps(a, b, c);
}
#else
WR_PIXEL net_vector net_all(float value)
{
    net_vector vector;
    for (int n = 0; n < NET_VECTOR; n++)
        vector.lane[n] = value;
    return vector;
}

WR_PIXEL net_vector net_add_product(net_vector a, net_vector b, net_vector c)
{
    for (int n = 0; n < NET_VECTOR; n++)
        c.lane[n] = __builtin_fmaf(a.lane[n], b.lane[n], c.lane[n]);
    return c;
}
#endif

// The most pixels that a tile has, on any level: scratch memory is the same for all of them.
enum { NET_MOST_PIXELS = 3 * 16 };

// Eight rows of eight floats become eight columns: to[n * to_step + x] = from[x * from_step + n].
#if defined __AVX2__ && defined __FMA__
WR_PIXEL void net_transpose(const float *from, ptrdiff_t from_step, float *to, ptrdiff_t to_step)
{
    for (int half = 0; half < 8; half += 4) {
        __m256 row[4]; // of half its columns, beside those of the row four further
        NET_EACH(n, 4)
        {
            row[n] = _mm256_insertf128_ps(
                _mm256_castps128_ps256(_mm_loadu_ps(from + n * from_step + half)),
                _mm_loadu_ps(from + (n + 4) * from_step + half), 1);
        }
        const __m256 low01 = _mm256_unpacklo_ps(row[0], row[1]);
        const __m256 high01 = _mm256_unpackhi_ps(row[0], row[1]);
        const __m256 low23 = _mm256_unpacklo_ps(row[2], row[3]);
        const __m256 high23 = _mm256_unpackhi_ps(row[2], row[3]);
        float *const first = to + half * to_step;
        _mm256_storeu_ps(first, _mm256_shuffle_ps(low01, low23, 0x44));
        _mm256_storeu_ps(first + to_step, _mm256_shuffle_ps(low01, low23, 0xEE));
        _mm256_storeu_ps(first + 2 * to_step, _mm256_shuffle_ps(high01, high23, 0x44));
        _mm256_storeu_ps(first + 3 * to_step, _mm256_shuffle_ps(high01, high23, 0xEE));
    }
}
#else
WR_PIXEL void net_transpose(const float *from, ptrdiff_t from_step, float *to, ptrdiff_t to_step)
{
    for (int x = 0; x < 8; x++)
        for (int n = 0; n < 8; n++)
            to[n * to_step + x] = from[x * from_step + n];
}
#endif

// SPDX-License-Identifier: MIT
// Vectors of words of four bytes, with a multiply-add, for the CPU's instruction-set levels: of
// floats, which is fused, or of pairs of 16-bit integers, whose two products are added to a sum.
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

WR_PIXEL __m512i net_add_pairs(__m512i a, __m512i b, __m512i c)
{
#if defined __AVX512VNNI__
    return _mm512_dpwssd_epi32(c, a, b);
#else
    return _mm512_add_epi32(c, _mm512_madd_epi16(a, b));
#endif
}

WR_PIXEL net_vector net_add_product(int is_int, net_vector a, net_vector b, net_vector c)
{
    return is_int ? _mm512_castsi512_ps(net_add_pairs(
                        _mm512_castps_si512(a), _mm512_castps_si512(b), _mm512_castps_si512(c)))
                  : _mm512_fmadd_ps(a, b, c);
}
#elif defined __AVX2__ && defined __FMA__
WR_PIXEL net_vector net_all(float value)
{
    return _mm256_set1_ps(value);
}

WR_PIXEL net_vector net_add_product(int is_int, net_vector a, net_vector b, net_vector c)
{
    return is_int ? _mm256_castsi256_ps(_mm256_add_epi32(
                        _mm256_castps_si256(c),
                        _mm256_madd_epi16(_mm256_castps_si256(a), _mm256_castps_si256(b))))
                  : _mm256_fmadd_ps(a, b, c);
}
#else
WR_PIXEL net_vector net_all(float value)
{
    net_vector vector;
    for (int n = 0; n < NET_VECTOR; n++)
        vector.lane[n] = value;
    return vector;
}

WR_PIXEL net_vector net_add_pairs(net_vector a, net_vector b, net_vector c)
{
    int16_t left[2 * NET_VECTOR], right[2 * NET_VECTOR];
    uint32_t sum[NET_VECTOR]; // beyond the picture there may be anything, also what is too large
    memcpy(left, &a, sizeof left);
    memcpy(right, &b, sizeof right);
    memcpy(sum, &c, sizeof sum);
    for (int n = 0; n < NET_VECTOR; n++)
        sum[n] +=
            (uint32_t)(left[2 * n] * right[2 * n]) + (uint32_t)(left[2 * n + 1] * right[2 * n + 1]);
    memcpy(&c, sum, sizeof c);
    return c;
}

WR_PIXEL net_vector net_add_product(int is_int, net_vector a, net_vector b, net_vector c)
{
    if (is_int)
        return net_add_pairs(a, b, c);
    for (int n = 0; n < NET_VECTOR; n++)
        c.lane[n] = __builtin_fmaf(a.lane[n], b.lane[n], c.lane[n]);
    return c;
}
#endif

// The most pixels that a tile has, on any level: scratch memory is the same for all of them.
enum { NET_MOST_PIXELS = 3 * 16 };

// Eight rows of four words become eight columns: to[n * to_step + x] = from[x * from_step + n]; and
// back: to[x * to_step + n] = from[n * from_step + x].
#if defined __AVX2__ && defined __FMA__
// In each half of the vectors, four words of four vectors become four of them.
WR_PIXEL void net_transpose_halves(__m256 row[4])
{
    const __m256 low01 = _mm256_unpacklo_ps(row[0], row[1]);
    const __m256 high01 = _mm256_unpackhi_ps(row[0], row[1]);
    const __m256 low23 = _mm256_unpacklo_ps(row[2], row[3]);
    const __m256 high23 = _mm256_unpackhi_ps(row[2], row[3]);
    row[0] = _mm256_shuffle_ps(low01, low23, 0x44);
    row[1] = _mm256_shuffle_ps(low01, low23, 0xEE);
    row[2] = _mm256_shuffle_ps(high01, high23, 0x44);
    row[3] = _mm256_shuffle_ps(high01, high23, 0xEE);
}

WR_PIXEL void net_transpose(const float *from, ptrdiff_t from_step, float *to, ptrdiff_t to_step)
{
    __m256 row[4]; // beside the row four further
    NET_EACH(n, 4)
    {
        row[n] = _mm256_insertf128_ps(_mm256_castps128_ps256(_mm_loadu_ps(from + n * from_step)),
                                      _mm_loadu_ps(from + (n + 4) * from_step), 1);
    }
    net_transpose_halves(row);
    NET_EACH(n, 4)
    {
        _mm256_storeu_ps(to + n * to_step, row[n]);
    }
}

WR_PIXEL void net_transpose_back(const float *from, ptrdiff_t from_step, float *to,
                                 ptrdiff_t to_step)
{
    __m256 row[4];
    NET_EACH(n, 4)
    {
        row[n] = _mm256_loadu_ps(from + n * from_step);
    }
    net_transpose_halves(row);
    NET_EACH(n, 4)
    {
        _mm_storeu_ps(to + n * to_step, _mm256_castps256_ps128(row[n]));
        _mm_storeu_ps(to + (n + 4) * to_step, _mm256_extractf128_ps(row[n], 1));
    }
}
#else
WR_PIXEL void net_transpose(const float *from, ptrdiff_t from_step, float *to, ptrdiff_t to_step)
{
    for (int x = 0; x < 8; x++)
        for (int n = 0; n < 4; n++)
            to[n * to_step + x] = from[x * from_step + n];
}

WR_PIXEL void net_transpose_back(const float *from, ptrdiff_t from_step, float *to,
                                 ptrdiff_t to_step)
{
    for (int x = 0; x < 8; x++)
        for (int n = 0; n < 4; n++)
            to[x * to_step + n] = from[n * from_step + x];
}
#endif

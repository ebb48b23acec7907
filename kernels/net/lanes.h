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

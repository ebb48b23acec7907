// SPDX-License-Identifier: MIT
// Sentences for CUDA calls that fail.
#include "lib/engine/cuda/cuda_calls.h"

// Says that the kernels of this build do not run on the current device.
static enum wr_status explain_device(cudaError_t result, struct wr_error *error)
{
    int device = 0, major = 0, minor = 0;
    cudaGetDevice(&device);
    cudaDeviceGetAttribute(&major, cudaDevAttrComputeCapabilityMajor, device);
    cudaDeviceGetAttribute(&minor, cudaDevAttrComputeCapabilityMinor, device);
    return wr_fail(error, WR_FAILED,
                   "CUDA device %d has compute capability %d.%d, and this warpreel was built for "
                   "architecture %s (%s)",
                   device, major, minor, WARPREEL_CUDA_ARCHITECTURES, cudaGetErrorName(result));
}

enum wr_status wr_cuda_explain(cudaError_t result, const char *call, struct wr_error *error)
{
    cudaGetLastError(); // would be reported again otherwise
    if (result == cudaErrorNoKernelImageForDevice || result == cudaErrorInvalidDeviceFunction ||
        result == cudaErrorUnsupportedPtxVersion)
        return explain_device(result, error);
    return wr_fail(error, result == cudaErrorMemoryAllocation ? WR_OUT_OF_MEMORY : WR_FAILED,
                   "CUDA: %s failed: %s (%s)", call, cudaGetErrorString(result),
                   cudaGetErrorName(result));
}

// Why there is no device. Where no driver is installed the runtime says that it is too old.
static const char *explain_lack(cudaError_t result)
{
    int version = 0;
    if (result == cudaSuccess)
        return "none found";
    if (result == cudaErrorInsufficientDriver && cudaDriverGetVersion(&version) == cudaSuccess &&
        version == 0)
        return "no NVIDIA driver";
    return cudaGetErrorString(result);
}

enum wr_status wr_cuda_find_device(int device, struct wr_error *error)
{
    int count = 0; // a failing call leaves it untouched
    const cudaError_t result = cudaGetDeviceCount(&count);
    if (result != cudaSuccess || count == 0) {
        cudaGetLastError();
        return wr_fail(error, WR_FAILED, "no CUDA device (%s)", explain_lack(result));
    }
    if (device >= count)
        return wr_fail(error, WR_FAILED, "no CUDA device %d, there %s %d", device,
                       count == 1 ? "is" : "are", count);
    return WR_OK;
}

int64_t wr_cuda_available(int device)
{
    size_t available, total;
    if (wr_cuda_find_device(device, NULL) || cudaSetDevice(device) != cudaSuccess ||
        cudaMemGetInfo(&available, &total) != cudaSuccess) {
        cudaGetLastError();
        return -1;
    }
    return (int64_t)available;
}

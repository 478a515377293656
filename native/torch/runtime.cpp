// Modes and machine: gradients, autocast, random state, threads, CUDA, versions.
#include "door.h"

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Parallel.h>
#include <ATen/autocast_mode.h>
#include <c10/core/GradMode.h>
#include <dlfcn.h>
#include <torch/version.h>

#include <mutex>

using namespace duet;

#define DUET_TORCH_AT_LEAST(major, minor) \
  (TORCH_VERSION_MAJOR > (major) || (TORCH_VERSION_MAJOR == (major) && TORCH_VERSION_MINOR >= (minor)))

DUET_API const char* duet_torch_version() { return TORCH_VERSION; }

DUET_API int32_t duet_grad_enabled() { return c10::GradMode::is_enabled() ? 1 : 0; }
DUET_API void duet_set_grad_enabled(int32_t enabled) { c10::GradMode::set_enabled(enabled != 0); }

DUET_API int32_t duet_autocast_enabled(int32_t cuda) {
#if DUET_TORCH_AT_LEAST(2, 4)
  return at::autocast::is_autocast_enabled(cuda ? at::kCUDA : at::kCPU) ? 1 : 0;
#else
  return (cuda ? at::autocast::is_enabled() : at::autocast::is_cpu_enabled()) ? 1 : 0;
#endif
}

DUET_API void duet_autocast_set(int32_t cuda, int32_t enabled, int32_t dtype) {
  auto type = static_cast<at::ScalarType>(dtype);
#if DUET_TORCH_AT_LEAST(2, 4)
  auto device = cuda ? at::kCUDA : at::kCPU;
  at::autocast::set_autocast_enabled(device, enabled != 0);
  at::autocast::set_autocast_dtype(device, type);
#else
  if (cuda) {
    at::autocast::set_enabled(enabled != 0);
    at::autocast::set_autocast_gpu_dtype(type);
  } else {
    at::autocast::set_cpu_enabled(enabled != 0);
    at::autocast::set_autocast_cpu_dtype(type);
  }
#endif
}

// Casts of parameters are cached inside a region; the cache is dropped when the outermost region ends.
DUET_API void duet_autocast_enter() { at::autocast::increment_nesting(); }
DUET_API void duet_autocast_exit() {
  if (at::autocast::decrement_nesting() == 0) {
    at::autocast::clear_cache();
  }
}

static at::Generator generator(int32_t cuda) {
  return cuda ? at::globalContext().defaultGenerator(c10::Device(at::kCUDA, 0)) : at::detail::getDefaultCPUGenerator();
}

DUET_API int duet_random_seed(uint64_t seed) {
  return guarded([&] { at::manual_seed(seed); });
}

DUET_API int duet_random_get_state(int32_t cuda, Handle* state) {
  return guarded([&] {
    auto g = generator(cuda);
    std::lock_guard<std::mutex> lock(g.mutex());
    *state = g.unsafeGetGeneratorImpl()->get_state().release();
  });
}

DUET_API int duet_random_set_state(int32_t cuda, Handle state) {
  return guarded([&] {
    auto g = generator(cuda);
    std::lock_guard<std::mutex> lock(g.mutex());
    g.unsafeGetGeneratorImpl()->set_state(*state);
  });
}

// libtorch's own pool and OpenBLAS's are set apart: two pools of the machine's size fight for its cores.
DUET_API int duet_set_threads(int32_t torch_threads, int32_t blas_threads) {
  return guarded([&] {
    at::set_num_threads(torch_threads);
    if (auto set = reinterpret_cast<void (*)(int)>(dlsym(RTLD_DEFAULT, "openblas_set_num_threads"))) {
      set(blas_threads);
    }
  });
}

// For a while, on the calling thread alone: at::set_num_threads would build a pool anew.
DUET_API int duet_limit_threads(int32_t threads) {
  return guarded([&] {
    if (auto set = reinterpret_cast<void (*)(int)>(dlsym(RTLD_DEFAULT, "omp_set_num_threads"))) {
      set(threads);
    }
  });
}

DUET_API int32_t duet_threads() { return at::get_num_threads(); }

DUET_API int32_t duet_cuda_available() { return at::globalContext().hasCUDA() ? 1 : 0; }

DUET_API int duet_cuda_memory(int64_t* free_bytes, int64_t* total_bytes) {
  return guarded([&] {
    auto query = reinterpret_cast<int (*)(size_t*, size_t*)>(dlsym(RTLD_DEFAULT, "cudaMemGetInfo"));
    TORCH_CHECK(query != nullptr, "this libtorch has no CUDA");
    size_t free_now = 0, total = 0;
    TORCH_CHECK(query(&free_now, &total) == 0, "cudaMemGetInfo failed");
    *free_bytes = static_cast<int64_t>(free_now);
    *total_bytes = static_cast<int64_t>(total);
  });
}
